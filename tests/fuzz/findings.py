"""What counts as a finding besides an exception that nobody declared: unsound articles, links and problems."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ingest.metadata.canonical_url import canonical_url
from ingest.preparing.article import article_from
from ingest.preparing.chunking import cut_passages
from ingest.readers.feed.entries import is_web_address
from ingest.report import Problem, Skipped
from ingest.text.unicode import normalised, one_line
from ingest.types import Link, RawArticle
from rag.errors import SourceError
from rag.types import Article

MAX_CPU_SECONDS = 5.0
"""For an input of some kilobytes, in instrumented code, which takes about three times as long as otherwise."""

MAX_REASON_CHARACTERS = 2000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_MARKUP = re.compile(r"<[a-z/!?]", re.IGNORECASE)
"""What a browser takes for a tag, or for a comment (HTML Standard, 13.2.5.6)."""


class Finding(AssertionError):
    """A reader did what it must not do."""


def expect(holds: bool, what: str, *, shown: object = "") -> None:
    """Raise Finding with `what` is wrong where it does not hold."""
    if not holds:
        raise Finding(f"{what}: {shown!r}"[:2000])


def within_time(check: Callable[[bytes], None], data: bytes) -> None:
    """Do the check; raises Finding where it takes longer than an input of this size may."""
    begun = time.process_time()
    check(data)
    seconds = time.process_time() - begun
    expect(seconds <= MAX_CPU_SECONDS, f"takes {seconds:.1f} s of processor time", shown=data[:200])


def check_found(found: object, *, where: str, allows_markup: bool = True) -> None:
    """Check one thing that a reader has yielded, as far as it would be stored or shown."""
    if isinstance(found, Problem | Skipped):
        check_problem(found, where=where)
    elif isinstance(found, Link):
        check_link(found, allows_markup=allows_markup)
    elif isinstance(found, RawArticle):
        check_raw(found, allows_markup=allows_markup)
    else:
        raise Finding(f"yields what no reader may yield: {type(found).__name__}")


def check_problem(problem: Problem | Skipped, *, where: str) -> None:
    """A problem names the document and gives one sentence that a terminal can show."""
    expect(problem.where.startswith(where), "a problem is somewhere else", shown=problem.where)
    expect(one_line(problem.where) == problem.where, "a place is more than a line of text", shown=problem.where)
    expect(bool(problem.reason) and one_line(problem.reason) == problem.reason, "no sentence", shown=problem.reason)
    expect(len(problem.reason) <= MAX_REASON_CHARACTERS, "an endless reason", shown=problem.reason)


def check_link(link: Link, *, allows_markup: bool = True) -> None:
    """A link leads to the web."""
    expect(is_web_address(link.url), "a link to no web address", shown=link.url)
    if link.modified is not None:
        check_moment(link.modified)
    if link.entry is not None:
        check_raw(link.entry, allows_markup=allows_markup)


def check_raw(raw: RawArticle, *, allows_markup: bool = True) -> None:
    """A raw article becomes a sound article, or a SourceError says why not."""
    for note in raw.notes:
        expect(bool(note) and one_line(note) == note, "a note is no sentence", shown=note)
    try:
        article = article_from(raw, fetched=_NOW)
    except SourceError:
        return
    check_article(article)
    check_lines(article.text, normalised(raw.text))
    if not allows_markup:
        for text in (article.text, article.ref.title, article.ref.outlet, *article.authors):
            check_no_markup(text)


def check_article(article: Article) -> None:
    """An article is clean text and can be stored, shown and cut into passages."""
    ref = article.ref
    expect(normalised(article.text) == article.text, "hidden or control characters in the text", shown=article.text)
    for name in (ref.title, ref.outlet, article.language, *article.authors):
        expect(one_line(name) == name, "a name is more than a line of text", shown=name)
    expect(canonical_url(ref.url) == ref.url, "an address is not canonical", shown=ref.url)
    if ref.published is not None:
        check_moment(ref.published)
    article.digest  # noqa: B018  (raises where a text cannot be encoded)
    passages = cut_passages(article)
    letters = sum(map(str.isalnum, article.text))
    held = sum(map(str.isalnum, "".join(passage.text for passage in passages)))
    expect(held == letters, "text is in no passage, or in two", shown=article.text)


def check_lines(text: str, source: str) -> None:
    """Cleaning leaves lines out and changes none."""
    place = 0
    for line in text.split("\n"):
        found = source.find(line, place)
        expect(found >= 0, "a line that the source does not have", shown=line)
        place = found + len(line)


def check_moment(moment: datetime) -> None:
    """A moment has a zone and can be stored in UTC."""
    expect(moment.tzinfo is not None, "a moment without a zone", shown=moment)
    try:
        moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Finding(f"no moment in UTC: {moment!r}") from error


def check_no_markup(text: str) -> None:
    """Text that has lost its markup holds nothing that a browser could take for a tag."""
    found = _MARKUP.search(text)
    expect(found is None, "markup survives", shown=text[found.start() :] if found else "")
