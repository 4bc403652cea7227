"""A model's draft as plain sentences with their citation marks; markup, links, images and control characters are
gone."""

# ruff: noqa: RUF001  (models write dashes and brackets of many kinds)

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rag.text.sentences import split_sentences
from rag.text.unseen_characters import visible

_FENCE = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*(?:>|\Z)")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]\[]*(?:\[\d+\])?[^\]\[]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|data|mailto):)\S*", re.IGNORECASE)
_LINE_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*•+]\s+|\d{1,2}[.)]\s+|[-*_=]{3,}\s*$)+")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TABLE = re.compile(r"\s*\|\s*")
_MARK_WORD = r"(?:(?:source|evidence|passage|article|quote)s?\s*)?#?"
_PLACE = r"\d{1,3}(?:\.\d{1,3})?"
_MARKS = re.compile(
    rf"[ \t]*[\[【]\s*{_MARK_WORD}({_PLACE}(?:\s*(?:[,;&–-]|and)\s*{_MARK_WORD}{_PLACE})*)"
    r"\s*(?:†[^\]】]*)?[\]】]",
    re.IGNORECASE,
)
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_LONGEST_RANGE = 20


class Mark(NamedTuple):
    """Where a sentence points: to a piece of evidence by its rank, and in it to a sentence, counted from 1; 0 is all of
    it."""

    rank: int
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One drafted sentence without its marks, and what its marks name, in order, whether it exists or not."""

    text: str
    marks: tuple[Mark, ...]

    @property
    def ranks(self) -> tuple[int, ...]:
        """The pieces of evidence that are marked, each once."""
        return tuple(dict.fromkeys(mark.rank for mark in self.marks))


def read_draft(draft: str) -> list[DraftSentence]:
    """The draft's sentences. A mark belongs to the sentence it stands in or directly after; at the start of a line,
    to the one that follows."""
    found: list[DraftSentence] = []
    for line in plain_text(draft).splitlines():
        sentences = _read_line(line)
        if sentences and not sentences[0].text:
            stray = sentences.pop(0).marks
            if found:
                found[-1] = DraftSentence(found[-1].text, _once((*found[-1].marks, *stray)))
        found.extend(sentences)
    return found


def plain_text(draft: str) -> str:
    """The draft without markup, HTML, links, images, addresses, zero-width and control characters; lines are kept."""
    text = draft
    for _ in range(2):  # an escaped tag is a tag after the first round
        text = _TAG.sub(" ", _HIDDEN.sub(" ", _THINKING.sub(" ", text)))
        text = html.unescape(text)
    text = _visible(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    text = _ADDRESS.sub(" ", _LINK.sub(_label, _IMAGE.sub(" ", _FENCE.sub("", text))))
    return "\n".join(_plain_line(line) for line in text.splitlines())


def _label(link: re.Match[str]) -> str:
    """What a link shows; a citation mark that was made a link stays a mark."""
    shown = link.group(1)
    return f"[{shown}]" if re.fullmatch(r"[\d\s.,;-]+", shown) else shown


def _visible(text: str) -> str:
    return visible(_LINE_BREAK.sub("\n", text).replace("\t", " "))


def _plain_line(line: str) -> str:
    line = _LINE_MARKUP.sub("", line)
    for _ in range(3):
        line = _EMPHASIS.sub(r"\2", line)
    for leftover, harmless in (("<", " "), (">", " "), ("![", " ["), ("](", "] ("), ("://", " ")):
        line = line.replace(leftover, harmless)
    return " ".join(_TABLE.sub(" ", line).split())


def _read_line(line: str) -> list[DraftSentence]:
    """The line's sentences; marks that stand alone on a line come as a first sentence without text."""
    clean = ""
    marks: list[tuple[int, list[Mark]]] = []
    position = 0
    for match in _MARKS.finditer(line):
        clean += line[position : match.start()]
        position = match.end()
        marks.append((len(clean), _named(match.group(1))))
    clean += line[position:]
    offset = len(clean) - len(clean.lstrip())
    spans = split_sentences(clean) if clean.strip(" .,;:!?") else []
    if not spans:
        return [DraftSentence("", _once(mark for _, named in marks for mark in named))] if marks else []
    owned: list[list[Mark]] = [[] for _ in spans]
    for place, named in marks:
        owner = max((i for i, span in enumerate(spans) if span.start < max(place, offset + 1)), default=0)
        owned[owner].extend(named)
    return [DraftSentence(_tidy(clean[s.start : s.end]), _once(of_it)) for s, of_it in zip(spans, owned, strict=True)]


def _named(text: str) -> list[Mark]:
    named: list[Mark] = []
    for part in re.split(r"[,;&]|and", text, flags=re.IGNORECASE):
        ends = [Mark(*map(int, place.split("."))) for place in re.findall(_PLACE, part)]
        named += _range(*ends) if len(ends) == 2 else ends
    return named


def _range(first: Mark, last: Mark) -> list[Mark]:
    """All from the first to the last, of pieces of evidence or of the sentences of one; the two where there are none
    between."""
    if not first.sentence and not last.sentence and 0 < last.rank - first.rank < _LONGEST_RANGE:
        return [Mark(rank) for rank in range(first.rank, last.rank + 1)]
    if first.rank == last.rank and first.sentence and 0 < last.sentence - first.sentence < _LONGEST_RANGE:
        return [Mark(first.rank, number) for number in range(first.sentence, last.sentence + 1)]
    return [first, last]


def _once(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(marks))


def _tidy(text: str) -> str:
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
