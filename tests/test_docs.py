"""What the documents say is so: their commands and code run, their tables are complete, their links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

import cli
from ingest.sample import sample_folder
from rag.settings import ENVIRONMENT_PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    file for pattern in ("*.md", "docs/**/*.md", "prompts/*.md", "eval/*.md") for file in ROOT.glob(pattern)
)
WITH_EXAMPLES = [ROOT / "README.md", ROOT / "docs" / "guide.md"]


def blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def settings_table() -> str:
    rows = ["| setting | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{name}`<br>`{ENVIRONMENT_PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def run_line(line: str) -> None:
    """Run one `newsdesk` line of a document, with what `echo` pipes into it."""
    said, _, command = line.rpartition("|") if line.startswith("echo ") else ("", "", line)
    stdin = " ".join(shlex.split(said)[1:])
    result = CliRunner().invoke(cli.app, shlex.split(command, comments=True)[1:], input=stdin)
    assert result.exit_code == 0, f"{line}\n{result.output}"
    assert result.stdout, line


@pytest.mark.parametrize("document", WITH_EXAMPLES, ids=lambda path: path.name)
def test_the_commands_and_the_code_of_a_document_run_in_the_order_they_stand(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample_folder(), tmp_path / "ingest" / "sample")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    lines = [line for block in blocks(document, "sh") for line in block.splitlines() if "newsdesk " in line]
    assert lines
    for line in lines:
        run_line(line)
    examples = blocks(document, "python")
    assert examples
    for example in examples:
        exec(compile(example, str(document), "exec"), {})
    assert "answered" in capsys.readouterr().out


def test_every_command_and_option_stands_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    group = get_command(cli.app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        assert f"newsdesk {name}" in guide
        for option in (flag for param in command.params for flag in param.opts if flag.startswith("--")):
            assert option in guide, f"{option} of newsdesk {name}"


def test_every_setting_stands_in_the_table_of_settings() -> None:
    expected = settings_table()
    table = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert expected in table, f"docs/settings.md needs\n{expected}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_first_screen_of_the_readme_has_exactly_the_two_commands_and_the_picture() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("**On Windows**")[0]
    shown = re.findall(r"^```sh\n(.*?)^```", first, re.DOTALL | re.MULTILINE)
    assert [line.split("#")[0].strip() for line in "".join(shown).splitlines()] == ["make run", "make test"]
    assert "http://127.0.0.1:7860" in first
    assert "docs/images/page-light.png" in first


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
def test_every_make_target_in_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_changes_tell_about_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
