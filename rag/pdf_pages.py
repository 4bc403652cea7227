"""On which page of its PDF a place of an article stands."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfPages:
    """The pages of the PDF that an article was read from.

    `starts` are the offsets into the article's text at which page 1, 2, ... begin, never falling; a page without text
    of the article begins where the next one does. `is_kept` says that the library holds the file.
    """

    starts: tuple[int, ...]
    is_kept: bool = False

    def __post_init__(self) -> None:
        if not self.starts or self.starts[0] != 0 or list(self.starts) != sorted(self.starts):
            raise ValueError(f"pages begin at 0 and never before the page in front, got {self.starts[:10]}")

    def page_at(self, offset: int) -> int:
        """The number of the page, counted from 1, that holds the character at `offset`."""
        return bisect_right(self.starts, offset)
