"""The language models that may write answers, each loaded when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.models.chat_model import load_model
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


OWN_WRITER = "writer"
"""The setting `second_judge` for the model that writes."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A language model and its name in the settings."""

    name: str
    model: BaseChatModel


class Writers:
    """Those of one desk: the model of the settings, or the one `given` in its place, what writes where it fails, and
    those that readers may choose instead."""

    def __init__(self, settings: Settings, given: BaseChatModel | None = None) -> None:
        self._settings = settings
        self._loaded: dict[str, BaseChatModel | None] = {} if given is None else {settings.model: given}

    @property
    def names(self) -> tuple[str, ...]:
        """The writers to choose from, the one of the setting `model` first."""
        return tuple(dict.fromkeys([self._settings.model, *self._settings.writers]))

    def model(self, name: str = "") -> BaseChatModel | None:
        """The model of a writer, of the setting `model` where none is named; None where that shows quotes.

        Raises `UsageError` for one that may not be chosen, `ModelError` for one that cannot be had.
        """
        if name and name not in self.names:
            raise UsageError(f"{name!r} is no writer to choose here; choose one of {', '.join(self.names)}")
        return self._load(name or self._settings.model)

    def in_turn(self, name: str = "") -> tuple[Writer, ...]:
        """Those that are asked one after the other until one has written, this one first; none where that shows
        quotes. Raises what `model` raises."""
        first = self.model(name)
        if first is None:
            return ()
        second = self._settings.fallback_model
        found = [Writer(name or self._settings.model, first)]
        if second and second != found[0].name and (model := self._load(second)) is not None:
            found.append(Writer(second, model))
        return tuple(found)

    def judge(self) -> Writer | None:
        """The second judge where it is another model than the one that writes; None where it is that, or none."""
        name = self._settings.second_judge
        model = self._load(name) if name not in ("", OWN_WRITER) else None
        return Writer(name, model) if model is not None else None

    def _load(self, name: str) -> BaseChatModel | None:
        if name not in self._loaded:
            self._loaded[name] = load_model(self._settings, name)
        return self._loaded[name]
