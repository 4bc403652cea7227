"""Prompts are files with a digest; filling one with the wrong variables is refused."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import prompts
from prompts import Prompt, PromptError, load_prompt, prompt_names

README = (Path(prompts.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", prompt_names())
def test_every_prompt_is_listed_in_the_readme_with_its_variables(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.*?) \|", README, re.MULTILINE)
    assert row
    assert set(re.findall(r"`(\w+)`", row.group(1))) == load_prompt(name).variables


def test_the_readme_lists_no_prompt_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == set(prompt_names())


def test_the_digest_is_the_beginning_of_the_hash_of_the_text() -> None:
    assert Prompt(name="p", text="a $b").digest == hashlib.sha256(b"a $b").hexdigest()[:12]


def test_another_word_makes_another_digest() -> None:
    assert Prompt(name="p", text="one").digest != Prompt(name="p", text="two").digest


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(PromptError, match="needs b"):
        Prompt(name="p", text="$a $b").fill(a="1")


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(PromptError, match="has no c"):
        Prompt(name="p", text="$a").fill(a="1", c="2")


def test_a_value_is_never_read_as_a_template() -> None:
    assert Prompt(name="p", text="$a $b").fill(a="$b ${b} $$", b="x") == "$b ${b} $$ x"


def test_a_stray_dollar_sign_is_refused() -> None:
    with pytest.raises(PromptError, match="stray"):
        Prompt(name="p", text="costs $5")


def test_an_unknown_prompt_names_those_that_exist() -> None:
    with pytest.raises(PromptError, match="answer"):
        load_prompt("no-such")


@pytest.mark.parametrize("name", ["../prompts/answer", "answer.txt", ""])
def test_a_name_is_not_a_path(name: str) -> None:
    with pytest.raises(PromptError):
        load_prompt(name)
