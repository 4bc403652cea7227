"""Prompts are text files beside this module, each versioned by the digest that every answer made with it carries.

Placeholders are those of `string.Template` (`$question`, `$$` for a dollar sign); values are never read as templates.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template


class PromptError(ValueError):
    """A prompt does not exist, is malformed, or was filled with other variables than it has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One prompt; `digest` is the first 12 hexadecimal digits of the SHA-256 of its text."""

    name: str
    text: str

    def __post_init__(self) -> None:
        if not Template(self.text).is_valid():
            raise PromptError(f"prompt {self.name!r} has a stray '$'; write '$$' for a dollar sign")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def variables(self) -> frozenset[str]:
        """Names of the placeholders."""
        return frozenset(Template(self.text).get_identifiers())

    def fill(self, **values: str) -> str:
        """The text with every placeholder replaced; raises `PromptError` for a missing or unknown variable."""
        missing, unknown = sorted(self.variables - values.keys()), sorted(values.keys() - self.variables)
        if missing:
            raise PromptError(f"prompt {self.name!r} needs {', '.join(missing)}")
        if unknown:
            raise PromptError(f"prompt {self.name!r} has no {', '.join(unknown)}")
        return Template(self.text).substitute(values)


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt in `<name>.txt`; raises `PromptError` naming the prompts that exist."""
    if name not in prompt_names():
        raise PromptError(f"no prompt {name!r}; there are {', '.join(prompt_names())}")
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return Prompt(name=name, text=text.replace("\r\n", "\n").strip())


def prompt_names() -> tuple[str, ...]:
    """Names of all prompts, sorted."""
    return tuple(
        sorted(entry.name.removesuffix(".txt") for entry in files(__name__).iterdir() if entry.name.endswith(".txt"))
    )
