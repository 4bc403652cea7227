"""Draws a page of a PDF with a quote marked, in a process of its own: `python -m web.pdf.drawing` (see `pictures`).

PDFium is the one part of Newsdesk that runs native code over a whole document that a stranger made, so that it is given
nothing but that document: no library, no network, little memory and little time.
"""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

FULL_WIDTH, FULL_HEIGHT = 1000, 1600
"""Pixels that a whole page has at most."""

PART_WIDTH, PART_HEIGHT = 640, 360
"""Pixels of the part of a page that a card shows."""

MAX_MEMORY_BYTES = 1_500_000_000
MAX_CPU_SECONDS = 20
_LEAST_LETTERS = 20
"""A shorter run of letters that page and quote have in common may be another one: a quote that begins on one page and
ends on the next is marked as far as it stands on the first."""

_MARK = (255, 226, 110)
_MARGIN = 1.5

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the picture."""


def main() -> None:
    """Read a line of JSON (page, quote, part) and a PDF from standard input, write a PNG to standard output."""
    _bound()
    asked = json.loads(sys.stdin.buffer.readline())
    picture = draw(sys.stdin.buffer.read(), int(asked["page"]), str(asked["quote"]), is_part=bool(asked["part"]))
    sys.stdout.buffer.write(picture)


def draw(pdf: bytes, page_number: int, quote: str, *, is_part: bool) -> bytes:
    """Return a PNG of a page with the quote marked, or of the part around it; raises where there is no such page."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[page_number - 1]
    width, height = page.get_size()
    scale = PART_WIDTH / width if is_part else min(FULL_WIDTH / width, FULL_HEIGHT / height)
    # A strip of paper ten metres long is drawn as small as it must be.
    scale = min(scale, FULL_HEIGHT * 4 / height)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    boxes = list(_boxes(page.get_textpage(), quote, scale, height))
    _mark(picture, boxes)
    if is_part:
        picture = _part(picture, boxes)
    written = io.BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _bound() -> None:
    """Take from this process what it does not need, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has none; the time is bounded there by whoever waits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))


def _boxes(text: Any, quote: str, scale: float, height: float) -> Iterator[Box]:
    """One box for each line of the quote on the page."""
    import pypdfium2.raw as pdfium

    letters: list[tuple[int, str]] = []
    for index in range(text.count_chars()):
        letters += ((index, letter) for letter in _letters(chr(pdfium.FPDFText_GetUnicode(text, index))))
    first, last = _place("".join(letter for _, letter in letters), "".join(_letters(quote)))
    line: Box | None = None
    for index in range(letters[first][0], letters[last - 1][0] + 1) if first < last else ():
        left, bottom, right, top = text.get_charbox(index)
        if right <= left or top <= bottom:
            continue
        box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
        if line is not None and box[1] < line[3] and box[3] > line[1] and box[2] > line[0]:
            line = (min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3]))
        else:
            if line is not None:
                yield line
            line = box
    if line is not None:
        yield line


def _place(page: str, quote: str) -> tuple[int, int]:
    """Where the letters of the quote stand among those of the page, or the longest run of them that does."""
    begin = page.find(quote)
    if begin >= 0:
        return begin, begin + len(quote)
    from difflib import SequenceMatcher

    run = SequenceMatcher(None, page, quote, autojunk=False).find_longest_match()
    return (run.a, run.a + run.size) if run.size >= _LEAST_LETTERS else (0, 0)


def _letters(text: str) -> Iterator[str]:
    """Letters and digits alone, ligatures taken apart: spaces, hyphens and marks differ between a page and its text."""
    return (letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _mark(picture: Image, boxes: Sequence[Box]) -> None:
    from PIL import Image, ImageChops, ImageDraw

    if not boxes:
        return
    marked = Image.new("RGB", picture.size, (255, 255, 255))
    pen = ImageDraw.Draw(marked)
    for left, top, right, bottom in boxes:
        pen.rectangle((left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN), fill=_MARK)
    picture.paste(ImageChops.multiply(picture, marked))


def _part(picture: Image, boxes: Sequence[Box]) -> Image:
    """The part of the page with the marked lines in its middle, white where the page ends."""
    from PIL import Image

    middle = (boxes[0][1] + boxes[-1][3]) / 2 if boxes else PART_HEIGHT / 2
    top = max(0, min(round(middle - PART_HEIGHT / 2), picture.height - PART_HEIGHT))
    part = Image.new("RGB", (PART_WIDTH, PART_HEIGHT), (255, 255, 255))
    part.paste(picture.crop((0, top, picture.width, min(picture.height, top + PART_HEIGHT))))
    return part


if __name__ == "__main__":
    main()
