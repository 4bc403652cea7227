"""What an editor changes in an issue before it goes out: order, stories left out, other quotes, words of their own.

Edits stand in a small TOML file beside the config and are applied to the issue each time that it is built
(`newsletter.editing`), so that an edited issue can be previewed, exported and sent like any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsletter.issue import Issue, Item
from newsletter.toml_file import as_toml, first_fault
from rag.errors import UsageError
from rag.types import Citation

MOST_STORIES = 500
MOST_QUOTES = 20
_KEY_CHARACTERS = 200


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Key = Annotated[str, Field(min_length=1, max_length=_KEY_CHARACTERS)]
Words = Annotated[str, Field(max_length=300)]
_Place = Annotated[int, Field(ge=0, le=10**9)]


class Quoted(_Strict):
    """Whole sentences of one of the story's articles, by their place in the text. `quote` are their words: where they
    stand elsewhere by now they are found again, and where they are gone that is told."""

    article_id: Key
    start: _Place
    end: _Place
    quote: Annotated[str, Field(max_length=20_000)] = ""

    @classmethod
    def of(cls, citation: Citation) -> Quoted:
        """The place and the words of a quote."""
        return cls(article_id=citation.article.id, start=citation.start, end=citation.end, quote=citation.quote)


class StoryEdits(_Strict):
    """What becomes of one story, known by its key. `quotes`, where there are any, take the place of all that it quotes,
    and the first of them is its gist."""

    story: Key
    drop: bool = False
    title: Words = ""
    note: Annotated[str, Field(max_length=5_000)] = ""
    quotes: Annotated[tuple[Quoted, ...], Field(max_length=MOST_QUOTES)] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing becomes of it."""
        return self == StoryEdits(story=self.story)


class Edits(_Strict):
    """All edits of an issue. Stories named in `order` stand first in their section, in that order; `subject` is that of
    the mail, and `preheader` what mail programs show beside it."""

    subject: Words = ""
    preheader: Words = ""
    order: Annotated[tuple[Key, ...], Field(max_length=MOST_STORIES)] = ()
    stories: Annotated[tuple[StoryEdits, ...], Field(max_length=MOST_STORIES)] = ()

    @field_validator("subject", "preheader")
    @classmethod
    def _is_a_line(cls, given: str) -> str:
        if "\n" in given or "\r" in given:
            raise ValueError("write it on one line")
        return given

    @classmethod
    def read(cls, file: str | Path) -> Edits:
        """What the file says; `UsageError` where it cannot be read or says something else."""
        path = Path(file)
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"cannot read the edits in {path.name!r} ({error}); name a TOML file of edits") from error
        except ValidationError as error:
            raise UsageError(f"{path.name}: {first_fault(error)}; correct it, docs/guide.md tells the keys") from error

    def as_toml(self) -> str:
        """The file that `read` reads."""
        return as_toml(self.model_dump(mode="json", exclude_defaults=True))

    def of(self, key: str) -> StoryEdits:
        """What becomes of this story."""
        return next((one for one in self.stories if one.story == key), StoryEdits(story=key))

    def with_story(self, key: str, **changes: Any) -> Edits:
        """The edits with these changes of one story; raises pydantic's `ValidationError`, a `ValueError`."""
        changed = StoryEdits.model_validate({**self.of(key).model_dump(), **changes})
        if all(one.story != key for one in self.stories):
            return self._with(stories=(*self.stories, changed))
        return self._with(stories=tuple(changed if one.story == key else one for one in self.stories))

    def with_words(self, **lines: str) -> Edits:
        """The edits with another `subject` or `preheader`; raises as `with_story`."""
        return self._with(**lines)

    def moved(self, issue: Issue, key: str, by: int) -> Edits:
        """The edits with a story moved by so many places among those of its section that are shown; `issue` is as it
        was built."""
        for section in issue.sections:
            keys = [item.key for item in self.in_order(section.items)]
            if key not in keys:
                continue
            shown = [one for one in keys if not self.of(one).drop]
            if key not in shown:
                return self
            place = shown.index(key)
            target = shown[max(0, min(len(shown) - 1, place + by))]
            there = keys.index(target)
            keys.remove(key)
            keys.insert(there, key)
            as_built = [item.key for item in section.items]
            others = tuple(one for one in self.order if one not in as_built)
            return self._with(order=others if keys == as_built else (*others, *keys))
        return self

    def in_order(self, items: Sequence[Item]) -> list[Item]:
        """The stories of a section in the editor's order, those that are left out among them."""
        place = {key: number for number, key in enumerate(self.order)}
        return sorted(items, key=lambda item: place.get(item.key, len(place)))

    def _with(self, **changes: Any) -> Edits:
        made = Edits.model_validate({**self.model_dump(), **changes})
        return made.model_copy(update={"stories": tuple(one for one in made.stories if not one.is_empty)})
