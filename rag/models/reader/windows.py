"""What the reader's network sees: a question and a passage as one row of tokens, the same in training and in use.

    [CLS] question [SEP] title (outlet, Sunday, 29 September 2019) [SEP] sentence sentence ... [SEP]

Sentences are tokenised one by one, so that a sentence's tokens never depend on where a passage was cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MAX_TOKENS = 320
MAX_QUESTION_TOKENS = 64
MAX_HEADING_TOKENS = 48
MAX_SENTENCE_TOKENS = 160
"""A longer sentence is read up to here; one in a thousand of news sentences is longer."""

Feed = dict[str, NDArray[np.int64] | NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadPassage:
    """Consecutive sentences of one article with what stands around them.

    `before` and `after` are the article's neighbouring sentences: they are read for what pronouns mean, and not scored.
    `published` is None where the day is not known.
    """

    sentences: tuple[str, ...]
    title: str = ""
    outlet: str = ""
    published: date | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.sentences:
            raise ValueError("a passage to be read needs at least one sentence")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a sentence's tokens stand in a window; `offsets` are each token's characters in the sentence.

    `sentence` counts the passage's own sentences from 0 and is None for a neighbouring one.
    """

    sentence: int | None
    first: int
    past_last: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """One row of tokens with the places of its sentences, in order."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    places: tuple[Place, ...]


class WindowMaker:
    """Cuts questions and passages into windows with one tokenizer."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = MAX_TOKENS) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._cls, self._sep = (mark(tokenizer, name) for name in ("[CLS]", "[SEP]"))
        self.pieces = lru_cache(maxsize=60_000)(self._pieces)

    def windows(self, question: str, passage: ReadPassage) -> tuple[Window, ...]:
        """Windows in which every sentence of the passage stands exactly once; more than one where it is long.

        Neighbours are left out where there is no room for them.
        """
        asked = self.pieces(question)[0][:MAX_QUESTION_TOKENS]
        about = self.pieces(heading(passage.title, passage.outlet, passage.published))[0][:MAX_HEADING_TOKENS]
        start = [self._cls, *asked, self._sep, *about, self._sep]
        room = self._max_tokens - len(start) - 1
        parts: list[_Part] = [(number, *self._cut(text)) for number, text in enumerate(passage.sentences)]
        made: list[Window] = []
        while parts:
            taken = _that_fit(parts, room)
            first, last = not made, len(taken) == len(parts)
            left = room - sum(len(ids) for _, ids, _ in taken)
            around_before, left = self._neighbours(passage.before[::-1] if first else (), left)
            around_after, left = self._neighbours(passage.after if last else (), left)
            made.append(self._window(start, 2 + len(asked), [*around_before[::-1], *taken, *around_after]))
            parts = parts[len(taken) :]
        return tuple(made)

    def _window(self, start: list[int], question_end: int, parts: Sequence[_Part]) -> Window:
        ids = list(start)
        places = []
        for number, tokens, offsets in parts:
            places.append(
                Place(sentence=number, first=len(ids), past_last=len(ids) + len(tokens), offsets=tuple(offsets))
            )
            ids += tokens
        ids.append(self._sep)
        types = [0] * question_end + [1] * (len(ids) - question_end)
        return Window(ids=tuple(ids), types=tuple(types), places=tuple(places))

    def _neighbours(self, texts: Sequence[str], room: int) -> tuple[list[_Part], int]:
        found: list[_Part] = []
        for text in texts:
            ids, offsets = self._cut(text)
            if len(ids) > room:
                break
            found.append((None, ids, offsets))
            room -= len(ids)
        return found, room

    def _cut(self, text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        ids, offsets = self.pieces(text)
        return ids[:MAX_SENTENCE_TOKENS], offsets[:MAX_SENTENCE_TOKENS]

    def _pieces(self, text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        """A text's token numbers and characters, without marks; an unreadable text is one unknown token."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        if not encoding.ids and text:
            return (mark(self._tokenizer, "[UNK]"),), ((0, len(text)),)
        return tuple(encoding.ids), tuple(encoding.offsets)


_Part = tuple[int | None, tuple[int, ...], tuple[tuple[int, int], ...]]


def mark(tokenizer: Tokenizer, name: str) -> int:
    """The number of one of the tokenizer's marks; raises `ValueError` where it has none of that name."""
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name!r}; one of the BERT family is needed")
    return int(number)


def heading(title: str, outlet: str, published: date | None) -> str:
    """The line ahead of a passage's sentences; the day of the week is what "on Thursday" is counted from."""
    day = f"{published:%A}, {published.day} {published:%B} {published.year}" if published else ""
    where = ", ".join(part for part in (outlet, day) if part)
    return f"{title} ({where})" if where else title


def feed_of(windows: Sequence[Window]) -> Feed:
    """The network's input for some windows: texts by tokens, and for each sentence the weights of its tokens' mean."""
    rows, width = len(windows), max(len(window.ids) for window in windows)
    sentences = max(1, *(len(window.places) for window in windows))
    ids, mask, types = (np.zeros((rows, width), dtype=np.int64) for _ in range(3))
    weights = np.zeros((rows, sentences, width), dtype=np.float32)
    for row, window in enumerate(windows):
        length = len(window.ids)
        ids[row, :length], mask[row, :length], types[row, :length] = window.ids, 1, window.types
        for number, place in enumerate(window.places):
            weights[row, number, place.first : place.past_last] = 1 / max(1, place.past_last - place.first)
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "sentence_weights": weights}


def _that_fit(parts: list[_Part], room: int) -> list[_Part]:
    taken: list[_Part] = []
    for part in parts:
        if taken and sum(len(ids) for _, ids, _ in taken) + len(part[1]) > room:
            break
        taken.append(part)
    return taken
