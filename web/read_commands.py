"""What the commands do that only read a library: ask, search, articles, show, answers, status.

Each prints its result, as text or as JSON, and returns the exit code. Errors meant for the reader are raised.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.date_input import parse_datetime
from rag.desk import Desk
from rag.errors import UsageError
from rag.public_json import answer_json, article_json, evidence_json
from rag.question.outlets import named_outlets
from rag.settings import Settings
from rag.storage.library import open_library
from rag.storage.saved_answers import checked_answers
from rag.text.formatting import clipped, day_in_words
from rag.types import ArticleRef, require_period
from web import printing
from web.terminal import echo, echo_error, print_json

_OPENING_SHOWN = 70


def ask(
    settings: Settings,
    question: str,
    *,
    history: Sequence[str],
    after: str | None,
    before: str | None,
    outlets: Sequence[str],
    as_of: str | None = None,
    as_json: bool,
) -> int:
    """Answer a question; "-" stands for standard input, in an earlier question too."""
    with _asked_desk(settings, as_of) as desk:
        answer = desk.ask(
            _given(question),
            history=[_given(earlier) for earlier in history],
            published_after=after,
            published_before=before,
            outlets=_outlets(desk, outlets),
        )
        openings = _openings(desk, [*(citation.article for citation in answer.citations), *answer.nearest])
    if as_json:
        print_json(answer_json(answer))
    else:
        _say_when(desk)
        printing.print_answer(answer, openings)
    return 0


def search(
    settings: Settings,
    query: str,
    *,
    limit: int,
    after: str | None,
    before: str | None,
    outlets: Sequence[str],
    as_of: str | None = None,
    as_json: bool,
) -> int:
    """Print the best passages for a question; "-" stands for standard input."""
    with _asked_desk(settings, as_of) as desk:
        found = desk.search(
            _given(query),
            published_after=after,
            published_before=before,
            outlets=_outlets(desk, outlets),
            limit=limit,
        )
        openings = _openings(desk, (evidence.passage.article for evidence in found))
    if as_json:
        then = desk.snapshot_at
        stood = {"as_of": then.day.isoformat(), "notice": then.notice} if then is not None else {}
        print_json({"evidence": [evidence_json(evidence) for evidence in found], **stood})
    else:
        _say_when(desk)
        printing.print_evidence(found, openings)
        if desk.snapshot_at is not None and desk.snapshot_at.notice:
            echo_error(desk.snapshot_at.notice)
    return 0


def articles(
    settings: Settings,
    *,
    after: str | None,
    before: str | None,
    outlets: Sequence[str],
    limit: int | None,
    as_json: bool,
) -> int:
    """List articles, newest first."""
    try:
        require_period(parse_datetime(after, end_of_day=False), parse_datetime(before, end_of_day=True))
    except ValueError as error:
        raise UsageError(str(error)) from error
    with _desk(settings) as desk:
        refs = desk.articles(after=after, before=before, outlets=_outlets(desk, outlets), limit=limit)
        if as_json:
            print_json({"articles": [article_json(ref) for ref in refs]})
        else:
            printing.print_articles(refs, _openings(desk, refs))
    return 0


def show(settings: Settings, article_id: str, *, as_json: bool) -> int:
    """Print one article."""
    with _desk(settings) as desk:
        article = desk.article(article_id)
    if as_json:
        facts = {"authors": list(article.authors), "language": article.language, "fetched": article.fetched.isoformat()}
        print_json({**article_json(article.ref), **facts, "text": article.text})
    else:
        printing.print_article(article)
    return 0


def changes(settings: Settings, article_id: str, *, as_json: bool) -> int:
    """Print what the last correction of an article changed."""
    with _desk(settings) as desk:
        found = desk.changes(article_id)
    if as_json:
        print_json(found.as_json())
    else:
        printing.print_changes(found)
    return 0


def answers(settings: Settings, files: Sequence[str], *, citing: str | None, outdated: bool, as_json: bool) -> int:
    """Check saved answers, or those that the library kept where no file is named; 1 where one does not hold."""
    with _desk(settings) as desk:
        saved = [(name, _saved_answer(name)) for name in files] if files else None
        found = checked_answers(desk.library.archive, saved, citing=citing, outdated=outdated)
    if as_json:
        print_json({"answers": [answer.as_json() for answer in found]})
    else:
        printing.print_checked(found)
    return 0 if all(answer.holds for answer in found) else 1


def status(settings: Settings, *, as_json: bool) -> int:
    """Print what the library holds; 1 where its indexes are not sound."""
    with open_library(settings, create=False) as library:
        found = library.status()
    if as_json:
        print_json(asdict(found) | {"clean": found.clean})
    else:
        printing.print_status(found)
    return 0 if found.clean else 1


def _desk(settings: Settings) -> Desk:
    return Desk(open_library(settings, create=False))


@contextmanager
def _asked_desk(settings: Settings, as_of: str | None) -> Iterator[Desk]:
    """The desk that is asked: today's, or the one of a day."""
    with _desk(settings) as desk:
        if as_of is None:
            yield desk
            return
        from ingest.preparing.prepare import preparer

        with desk.as_of(as_of, preparer) as then:
            yield then


def _say_when(desk: Desk) -> None:
    if desk.snapshot_at is not None:
        echo(f"As of the end of {day_in_words(desk.snapshot_at.day)} (UTC):")


def _outlets(desk: Desk, names: Sequence[str]) -> tuple[str, ...]:
    return named_outlets(names, desk.outlets()) if names else ()


def _openings(desk: Desk, refs: Iterable[ArticleRef]) -> dict[str, str]:
    """The first words of the articles that have no title."""
    untitled = dict.fromkeys(ref.id for ref in refs if not ref.title.strip())
    found = ((name, desk.library.archive.article(name)) for name in untitled)
    return {name: clipped(article.text, _OPENING_SHOWN) for name, article in found if article is not None}


def _given(text: str) -> str:
    return _standard_input() if text == "-" else text


def _standard_input() -> str:
    if sys.stdin is None:
        raise UsageError("standard input is closed; pipe the text in, or give it as an argument")
    return sys.stdin.read()


def _saved_answer(name: str) -> Any:
    try:
        return json.loads(_standard_input() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"{name!r} cannot be read: {reason}; name a file of `newsdesk ask --json`") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name!r} is not JSON; name a file with the output of `newsdesk ask --json`") from error
