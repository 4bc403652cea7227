"""A newsletter's TOML file: what is wrong is said with the key, and no value is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import SentLog, load_config
from rag.errors import UsageError

GOOD = 'title = "The Letter"\n[[sections]]\ntitle = "News"\n'
EXAMPLE = Path(__file__).parents[2] / "examples" / "weekly.toml"


def written(folder: Path, content: str) -> Path:
    file = folder / "letter.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    made = load_config(written(tmp_path, 'sent = "memory/sent.json"\ntemplate = "own.html"\n' + GOOD))
    assert made.sent_file == tmp_path / "memory" / "sent.json"
    assert made.template_file == tmp_path / "own.html"


def test_the_example_can_be_read() -> None:
    assert load_config(EXAMPLE).mail is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title = ", "is not valid TOML"),
        ('title = "The Letter"\n', "'sections' is missing"),
        (f'font = "serif"\n{GOOD}', "no such key 'font'"),
        (f'colour = "red"\n{GOOD}', "'colour': write it as in \"#8c1d18\""),
        (f'design = "plain"\n{GOOD}', "'design': input should be 'classic', 'bulletin' or 'letter'"),
        (f"{GOOD}stories = 0\n", "'sections.1.stories'"),
        (f'{GOOD}\n[mail]\nsender = "A"\nsender_address = "nobody"\nto = ["a@b.example"]\n', "'mail.sender_address'"),
        (f'{GOOD}\n[mail]\nsender = "A\\nBcc: x"\nsender_address = "a@b.example"\nto = ["a@b.example"]', "mail.sender"),
        (f'{GOOD}\n[smtp]\nhost = "mail.example"\n', "[smtp] needs [mail]"),
        (f'{GOOD}\n[smtp]\nhost = "mail.example"\npassword = "hunter2"\n', "no such key 'smtp.password'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_config(written(tmp_path, content))
    assert said in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name a newsletter's TOML file"):
        load_config(tmp_path / "nowhere.toml")


def test_a_memory_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "sent.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="restore it, or delete it to begin anew"):
        SentLog.read(file)
    assert file.read_text(encoding="utf-8") == "{"
