"""The reader's torch network as a scorer of passages, in batches of like length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from rag.models.reader.reader import PassageLogits, merged
from rag.models.reader.windows import ReadPassage, Window, WindowMaker, feed_of

WINDOWS_AT_ONCE = 16


class TorchReader:
    """Scores as `rag.models.reader.reader.Reader.logits` does, with the float network."""

    def __init__(self, network: Any, maker: WindowMaker, device: Any) -> None:
        self._network, self._maker, self._device = network, maker, device

    def logits(self, pairs: Sequence[tuple[str, ReadPassage]]) -> list[PassageLogits]:
        """What the network says of each passage for the question beside it."""
        windows = [self._maker.windows(question, passage) for question, passage in pairs]
        flat = [(pair, number) for pair, own in enumerate(windows) for number in range(len(own))]
        flat.sort(key=lambda place: len(windows[place[0]][place[1]].ids))
        found: dict[tuple[int, int], tuple[np.ndarray[Any, Any], ...]] = {}
        for start in range(0, len(flat), WINDOWS_AT_ONCE):
            places = flat[start : start + WINDOWS_AT_ONCE]
            outputs = self._run([windows[pair][number] for pair, number in places])
            for row, place in enumerate(places):
                found[place] = tuple(values[row] for values in outputs)
        return [
            merged(len(pair[1].sentences), own, [found[number, part] for part in range(len(own))])
            for number, (pair, own) in enumerate(zip(pairs, windows, strict=True))
        ]

    def _run(self, windows: Sequence[Window]) -> list[np.ndarray[Any, Any]]:
        found = self._network(**on_device(feed_of(windows), self._device))
        return [values.float().cpu().numpy() for values in found]


def on_device(feed: Mapping[str, Any], device: Any) -> dict[str, Any]:
    """A feed as tensors."""
    return {name: torch.from_numpy(value).to(device) for name, value in feed.items()}
