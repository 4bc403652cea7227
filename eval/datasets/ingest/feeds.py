"""Feeds, well-formed and not: is each read or reported, and is none of its markup left in what would be stored?

`--data` is one file with a feed a line: `path`, and its bytes as `text` (in UTF-8) or, where they are no UTF-8, as
`base64`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from pydantic import model_validator

from eval.datasets import Options
from eval.datasets.rows import Row, file_of_half, read_rows
from eval.metrics.per_case import mean_with_interval
from eval.runs.results import Result, measured, provenance
from ingest.preparing.article import article_from
from ingest.report import Problem
from ingest.types import Document, Limits, Link, RawArticle
from rag.errors import SourceError

NAME = "feeds"
Read = Callable[[Document, Limits], Iterator[RawArticle | Link | Problem]]

_CRASHES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, NameError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
"""What a reader must not raise; anything else ends the evaluation."""

_LIMITS = Limits(max_mb=100)
_MARKUP = re.compile(
    r"<\s*/?\s*(?!https?:|mailto:)[a-z][\w:.-]*(?:[\s/][^<>]*)?>"  # a tag of any name
    r"|<\s*(?:!--|!\[cdata\[|!doctype|\?xml|/?script|/?style|/?iframe)"  # and what a browser takes for one
    r"|\bon[a-z]{3,30}\s*=\s*[\"']"  # an event handler, even outside a tag
    r"|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data)\s*:",
    re.IGNORECASE,
)


class Feed(Row):
    """One feed with its bytes."""

    path: str
    text: str | None = None
    base64: str | None = None

    @model_validator(mode="after")
    def _has_bytes(self) -> Feed:
        if (self.text is None) == (self.base64 is None):
            raise ValueError("needs text or base64, and not both")
        try:
            _ = self.data
        except (binascii.Error, UnicodeError) as error:
            raise ValueError(f"holds no bytes: {error}") from error
        return self

    @property
    def data(self) -> bytes:
        """The feed as it was sent."""
        return self.text.encode() if self.text is not None else base64.b64decode(self.base64 or "", validate=True)


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What came of one feed: how many articles and links, what was reported, where markup is left, how it crashed."""

    items: int = 0
    problems: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    crash: str = ""

    @property
    def scores(self) -> dict[str, float]:
        """The four scores of a feed.

        It is parsed where it gave an article or a link, or neither of them and no problem (an empty feed); reported
        where it gave a problem; crashed where reading it or making one of its articles raised anything but a
        `SourceError`; its markup survived where the text, the title, the outlet or an author of an article that would
        be stored holds a tag, a comment, an event handler or a script address. Every feed is parsed, reported or
        crashed.
        """
        return {
            "parsed": float(not self.crash and (self.items > 0 or not self.problems)),
            "reported": float(not self.crash and bool(self.problems)),
            "crashed": float(bool(self.crash)),
            "markup_survived": float(bool(self.left)),
        }

    @property
    def fault(self) -> str:
        """What went wrong in words; a problem that was reported is none."""
        return "\n  ".join([*filter(None, [self.crash]), *(f"markup: {text}" for text in self.left)])


def evaluate(options: Options) -> Result:
    """Read every feed as ingest does and look at what would be stored of it."""
    from ingest.readers.feed.reader import FeedReader

    file = file_of_half(options, set_name=NAME)
    feeds, digest = read_rows(file, Feed)
    feeds = feeds[: options.limit]
    rows: list[dict[str, Any]] = []
    for done, feed in enumerate(feeds, start=1):
        outcome = outcome_of(feed, FeedReader().read)
        fault = f"{feed.path}\n  {outcome.fault}" if outcome.fault else ""
        rows.append({"id": feed.path, "scores": outcome.scores, "problems": outcome.problems, "fault": fault})
        options.progress(done, len(feeds))
    names = ("parsed", "reported", "crashed", "markup_survived")
    return Result(
        set=NAME,
        data=str(file),
        metrics=measured(**{name: mean_with_interval([row["scores"][name] for row in rows]) for name in names}),
        provenance=provenance(options.settings, embedder="none", revision=0, digests={"feeds": digest}),
        cases=rows,
    )


def outcome_of(feed: Feed, read: Read) -> Outcome:
    """Read one feed and make its articles, as far as they would be stored."""
    outcome = Outcome()
    name = PurePosixPath(feed.path).name
    document = Document.of_bytes(feed.data, where=feed.path, name=name)
    try:
        for found in read(document, _LIMITS):
            _note(outcome, found)
    except SourceError as error:
        outcome.problems.append(str(error))
    except _CRASHES as error:
        outcome.crash = f"{type(error).__name__}: {error}"
    return outcome


def markup_in(text: str) -> str:
    """The first piece of markup that a text holds, or an empty string."""
    found = _MARKUP.search(text)
    return found.group()[:200] if found else ""


def _note(outcome: Outcome, found: RawArticle | Link | Problem) -> None:
    if isinstance(found, Problem):
        outcome.problems.append(found.reason)
        return
    outcome.items += 1
    raw = found.entry if isinstance(found, Link) else found
    if raw is None:
        return
    try:
        article = article_from(raw, fetched=datetime.now(UTC))
    except SourceError as error:
        outcome.problems.append(str(error))
        return
    stored = (article.text, article.ref.title, article.ref.outlet, *article.authors)
    outcome.left += [markup for text in stored if (markup := markup_in(text))]
