"""What becomes of a command whose disk fills in the middle: a sentence, and nothing half written."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command_line import process

NEWSLETTER = 'title = "Wards"\nperiod = "2024-06-01"\nuntil = "2024-06-30"\n[[sections]]\ntitle = "News"\nstories = 9\n'


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A disk of its own for one command, at `folder`; `left` lists what stood on it when the command had ended."""

    folder: Path
    articles: Path

    def run(self, kilobytes: int, *arguments: str) -> tuple[subprocess.CompletedProcess[str], dict[str, int]]:
        """Run a command with so little room, and return what it left: the files' names and sizes."""
        script = (
            f"mount -t tmpfs -o size={kilobytes}k tmpfs {self.folder} && "
            f"{{ \"$@\"; code=$?; find {self.folder} -type f -printf '%P\\t%s\\n' > {self.folder}.left; exit $code; }}"
        )
        start = ["unshare", "-rm", "sh", "-c", script, "sh"]
        done = process(*arguments, folder=self.folder.parent, start=start)
        lines = Path(f"{self.folder}.left").read_text(encoding="utf-8").splitlines()
        return done, {name: int(size) for name, size in (line.split("\t") for line in lines)}


@pytest.fixture
def disk(tmp_path: Path) -> SmallDisk:
    if shutil.which("unshare") is None:
        pytest.skip("this system has no unshare")
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    (tmp_path / "disk").mkdir()
    text = "Bridge {0} cost {0} million crowns, the mayor of ward {0} said. "
    rows = [
        {"id": str(number), "title": f"Ward {number}", "date": "2024-06-19", "text": text.format(number) * 40}
        for number in range(60)
    ]
    articles = tmp_path / "news.jsonl"
    articles.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return SmallDisk(tmp_path / "disk", articles)


@pytest.fixture
def filled(disk: SmallDisk) -> SmallDisk:
    done = process("ingest", str(disk.articles), folder=disk.folder.parent)
    assert done.returncode == 0, done.stderr
    return disk


def is_one_sentence(done: subprocess.CompletedProcess[str]) -> bool:
    lines = done.stderr.splitlines()
    return done.returncode == 1 and len(lines) == 1 and lines[0].startswith("newsdesk: ") and "make room" in lines[0]


def test_a_library_on_a_full_disk_is_one_sentence_and_no_trace(disk: SmallDisk) -> None:
    done, _ = disk.run(600, "ingest", str(disk.articles), "--library", str(disk.folder / "library"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no space left" in done.stderr or "full" in done.stderr
    assert "the output cannot be written" not in done.stderr


@pytest.mark.parametrize("kilobytes", [64, 900])
def test_a_backup_that_finds_no_room_is_no_backup(filled: SmallDisk, kilobytes: int) -> None:
    backup = str(filled.folder / "monday.backup")
    done, left = filled.run(kilobytes, "backup", backup)
    assert is_one_sentence(done), done.stderr
    assert "monday.backup" not in left


def test_a_restore_that_finds_no_room_says_so_and_goes_on_where_there_is_some(filled: SmallDisk) -> None:
    backup, library = filled.folder.parent / "monday.backup", str(filled.folder / "library")
    assert process("backup", str(backup), folder=filled.folder.parent).returncode == 0
    done, _ = filled.run(300, "--library", library, "restore", str(backup))
    assert is_one_sentence(done), done.stderr
    again, left = filled.run(9000, "--library", library, "restore", str(backup))
    assert again.returncode == 0, again.stderr
    assert "library/archive.sqlite3" in left


@pytest.mark.parametrize("kilobytes", [8, 24])
def test_an_issue_that_finds_no_room_leaves_no_file(filled: SmallDisk, kilobytes: int) -> None:
    config = filled.folder.parent / "wards.toml"
    config.write_text(NEWSLETTER, encoding="utf-8")
    done, left = filled.run(kilobytes, "newsletter", str(config), "--out", str(filled.folder / "out"))
    assert is_one_sentence(done), done.stderr
    assert left == {}
