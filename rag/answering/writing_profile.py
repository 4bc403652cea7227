"""How a language model is asked to write: carefully, near to the words of the evidence, or in prose of its own.

A small model that is asked for prose invents; a capable one that is asked to copy reads like a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.settings import Settings

CAPABLE_FROM_BILLIONS = 24
"""Weights from which an open model is taken to be capable: below lie those that are run on one's own machine."""

_PROVIDERS = ("openai", "azure_openai", "anthropic", "google_genai", "google_vertexai", "xai", "deepseek", "bedrock")
"""Providers of LangChain whose models are capable, but for those that their names call small."""

_CALLED_SMALL = re.compile(r"(?<![a-z])(nano|tiny|lite|gpt-3\.5|babbage|davinci|embedding)(?![a-z])")
_BILLIONS = re.compile(r"(?<![\w.])(?:(\d+)x)?(\d+(?:\.\d+)?)b(?![a-z0-9])")


@dataclass(frozen=True, kw_only=True, slots=True)
class WritingProfile:
    """What a model is given and asked: `system` and `request` name prompts.

    `numbers_sentences` shows every sentence of the evidence with its place, so that the model can cite it.
    """

    name: str
    system: str
    request: str
    passages: int
    evidence_characters: int
    numbers_sentences: bool

    @property
    def prompts(self) -> tuple[str, str]:
        """Names of the prompts."""
        return self.system, self.request


# More evidence than this makes small models wander and long prompts slow.
CAREFUL = WritingProfile(
    name="careful",
    system="answer",
    request="answer_question",
    passages=6,
    evidence_characters=16_000,
    numbers_sentences=False,
)
PROSE = WritingProfile(
    name="prose",
    system="prose",
    request="prose_question",
    passages=12,
    evidence_characters=32_000,
    numbers_sentences=True,
)


def profile_of(settings: Settings, model: str = "") -> WritingProfile:
    """The profile of the setting `writing`, or by the name of the model: the settings' where none is given."""
    if settings.writing != "auto":
        return PROSE if settings.writing == "prose" else CAREFUL
    return PROSE if is_capable(model or settings.model) else CAREFUL


def is_capable(model: str) -> bool:
    """Whether a model, named as the setting `model` names it, is one of the capable ones, as far as a name tells: by
    the number of its weights where it says that, else by its provider."""
    name = model.casefold()
    sizes = [float(number) * float(experts or 1) for experts, number in _BILLIONS.findall(name)]
    if sizes:
        return max(sizes) >= CAPABLE_FROM_BILLIONS
    provider, _, rest = name.partition(":")
    return provider in _PROVIDERS and not _CALLED_SMALL.search(rest)
