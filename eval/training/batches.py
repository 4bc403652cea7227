"""Rounds of training units, cut into batches of like length."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.training.reader.examples import Example, Unit
from rag.models.reader.windows import Feed, Window, WindowMaker, feed_of

MOST_TOKENS = 3400
"""Of one batch, with its padding: about 16 windows of 200."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """The network's input and what is known of each row's sentences; the lists name rows."""

    feed: Feed
    right: NDArray[np.bool_]
    known: NDArray[np.bool_]
    weights: NDArray[np.float32]
    together: tuple[tuple[int, ...], ...]
    removed: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int, int, int, int], ...]
    """(row, first token and past-last token of the sentence, first and last token of the answer)"""


class Cycle(Generic[T]):
    """Goes through items again and again, each time in another order that follows from the seed alone."""

    def __init__(self, items: Sequence[T], seed: int) -> None:
        self._items, self._seed = tuple(items), seed

    def taken(self, start: int, count: int) -> Iterator[T]:
        """`count` items from place `start` of the endless order; none where there are no items."""
        for place in range(start, start + count if self._items else start):
            turn, at = divmod(place, len(self._items))
            yield self._items[self._order(turn)[at]]

    def _order(self, turn: int) -> list[int]:
        if getattr(self, "_turn", None) != turn:
            self._turn, self._known = turn, list(range(len(self._items)))
            random.Random(f"{self._seed}-{turn}").shuffle(self._known)
        return self._known


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream(Generic[T]):
    """One kind of training data: how many of a round's units it gives, and how they are drawn."""

    cycle: Cycle[T]
    per_round: int
    drawn: Callable[[T, random.Random], Unit]


def round_of(streams: Sequence[Stream[object]], number: int, seed: int, maker: WindowMaker) -> list[Batch]:
    """The batches of round `number`, the same for the same seed."""
    chance = random.Random(f"{seed}-round-{number}")
    units = [
        stream.drawn(item, chance)
        for stream in streams
        for item in stream.cycle.taken(number * stream.per_round, stream.per_round)
    ]
    chance.shuffle(units)
    made = [(unit, [_window(example, maker) for example in unit.examples]) for unit in units]
    made.sort(key=lambda pair: max(len(window.ids) for window in pair[1]))
    batches, waiting = [], list[tuple[Unit, list[Window]]]()
    for unit, windows in made:
        rows = sum(len(w) for _, w in waiting) + len(windows)
        if waiting and rows * max(len(window.ids) for window in windows) > MOST_TOKENS:
            batches.append(batch_of(waiting))
            waiting = []
        waiting.append((unit, windows))
    batches.append(batch_of(waiting))
    chance.shuffle(batches)
    return batches


def batch_of(made: Sequence[tuple[Unit, Sequence[Window]]]) -> Batch:
    """Some units with their windows, side by side."""
    windows = [window for _, own in made for window in own]
    feed = feed_of(windows)
    right = np.zeros(feed["sentence_weights"].shape[:2], dtype=np.bool_)
    known = np.zeros_like(right)
    weights, together, removed, spans = [], [], [], []
    start = 0
    for unit, own in made:
        has = []
        for row, (example, window) in enumerate(zip(unit.examples, own, strict=True), start):
            _mark(example, window, right[row], known[row])
            has.append(bool(right[row].any()))
            if example.answer and (span := _span(example.answer, window)):
                spans.append((row, *span))
        weights += [unit.weight] * len(own)
        if unit.together and any(has):
            twins = {without for _, without in unit.removed}
            together.append(tuple(start + i for i in range(len(own)) if i not in twins))
        removed += [(start + a, start + b) for a, b in unit.removed if has[a] and not has[b]]
        start += len(own)
    return Batch(
        feed=feed,
        right=right,
        known=known,
        weights=np.array(weights, dtype=np.float32),
        together=tuple(together),
        removed=tuple(removed),
        spans=tuple(spans),
    )


def _window(example: Example, maker: WindowMaker) -> Window:
    """The window of a passage that is trained on: of a long one's, the first that holds an answer."""
    windows = maker.windows(example.question, example.passage)
    return next((w for w in windows if any(p.sentence in example.right for p in w.places)), windows[0])


def _mark(example: Example, window: Window, right: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
    for number, place in enumerate(window.places):
        right[number] = place.sentence in example.right
        known[number] = place.sentence is not None and place.sentence not in example.unknown


def _span(answer: tuple[int, int, int], window: Window) -> tuple[int, int, int, int] | None:
    sentence, start, end = answer
    for place in window.places:
        if place.sentence == sentence:
            held = [i for i, (a, b) in enumerate(place.offsets) if a < end and b > start]
            return (place.first, place.past_last, place.first + held[0], place.first + held[-1]) if held else None
    return None
