"""How results read on a terminal or in a pipe: answers, evidence, reports and lists as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.terminal import echo, echo_error, one_line, print_json
from rag.text.formatting import count, dated_in_words, days_in_words, page_in_words, to_the_minute

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.report import IngestReport
    from ingest.subscriptions.report import PollReport
    from rag.storage.archive.feeds import Feed
    from rag.storage.archive.history import ArticleChanges
    from rag.storage.archive.tags import Tagging
    from rag.storage.library_status import LibraryStatus
    from rag.storage.saved_answers import CheckedAnswer
    from rag.types import Answer, Article, ArticleRef, Citation, Evidence

# An article's id -> its first words, for articles without a title.
Openings = Mapping[str, str]


def print_report(report: IngestReport) -> None:
    for problem in report.problems:
        echo_error(f"{problem.where}: {problem.reason}" if problem.where else problem.reason)
    for note in report.notes:
        echo(f"note: {note.where}: {note.reason}" if note.where else f"note: {note.reason}")
    for skipped in report.skipped:
        echo(f"left alone: {skipped.where}: {skipped.reason}" if skipped.where else f"left alone: {skipped.reason}")
    echo(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{count(report.passages, 'passage')}, {count(len(report.problems), 'problem')}, {report.seconds:.1f} s"
    )
    if report.copies:
        echo(f"{count(report.copies, 'copy', 'copies')} of stories that other articles carry")
    if report.repeated:
        echo(f"{count(report.repeated, 'article')} more than once in the sources")
    if report.dry_run:
        echo("dry run: nothing was stored")
    elif report.problems and report.complete:
        echo("mend what the problems name and run the same command again; what is in the library is left alone")
    if not report.complete:
        echo_error(_stopped(report))


def _stopped(report: IngestReport) -> str:
    stored = report.added + report.changed
    if report.dry_run:
        return "stopped early; run the same command again to read everything"
    if not stored:
        return "stopped early, nothing new was stored; run the same command again"
    verb = "is" if stored == 1 else "are"
    return f"stopped early, {count(stored, 'article')} {verb} stored; the same command goes on from there"


def print_answer(answer: Answer, openings: Openings) -> None:
    from rag.answering.quote_writer import in_quotation_marks

    echo(answer.text)
    if answer.missing:
        echo("\nNot in these articles:")
    for part in answer.missing:
        echo(f"-   {one_line(part)}")
    for one, other in answer.disputed:
        echo(f"\nThe outlets differ: [{one}] and [{other}].")
    print_citations(answer.citations, answer.text, openings)
    if answer.related:
        echo("\nRelated, but no answer:")
    for quote in answer.related:
        echo(f"-   {in_quotation_marks(one_line(quote.quote))} ({about(quote.article, openings)})")
    if answer.nearest:
        echo("\nArticles:" if answer.outcome == "told" else "\nThe nearest articles:")
    for ref in answer.nearest:
        echo(f"-   {about(ref, openings)}{_link(ref)}")
    if answer.further:
        echo("\nTo go on with:")
    for question in answer.further:
        echo(f"-   {question}")
    if answer.doubt:
        echo_error(answer.doubt)
    if answer.provenance.notice:
        echo_error(answer.provenance.notice)
    for removal in answer.provenance.removed:
        echo_error(f"left out of the draft: {one_line(removal.text)} ({removal.reason})")


def print_citations(citations: Sequence[Citation], shown: str, openings: Openings) -> None:
    """The articles cited, with their quotes as far as these do not stand in the text that was shown."""
    for group in _by_article(citations):
        article = group[0].article
        markers = "".join(f"[{citation.marker}]" for citation in group)
        named = dict.fromkeys(page_in_words(citation.page) for citation in group if citation.page)
        pages = "".join(f", {page}" for page in named)
        echo(f"\n{markers} {about(article, openings)}{pages}{_link(article)}")
        for citation in group:
            if one_line(citation.quote) not in shown:
                number = f"[{citation.marker}] " if len(group) > 1 else ""
                echo(f"    {number}\u201c{one_line(citation.quote)}\u201d")
        _print_copies(list({copy.id: copy for citation in group for copy in citation.copies}.values()))


def _by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each article together, in the order of their first markers."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.article.id, []).append(citation)
    return list(groups.values())


def print_evidence(found: Sequence[Evidence], openings: Openings) -> None:
    if not found:
        echo("Nothing found.")
    for evidence in found:
        passage = evidence.passage
        echo(f"{evidence.rank}. {about(passage.article, openings)}  ({evidence.score:.3f}){_link(passage.article)}")
        echo(f"    {one_line(passage.text)}")
        _print_copies(evidence.copies)


def _print_copies(copies: Sequence[ArticleRef]) -> None:
    if copies:
        echo(f"    also carried by {names_of(copies)}")


def print_articles(refs: Sequence[ArticleRef], openings: Openings) -> None:
    for ref in refs:
        echo(f"{ref.id}  {about(ref, openings, named=True)}")


def print_article(article: Article, tags: Sequence[str] = ()) -> None:
    echo(one_line(article.ref.title) or "(no title)")
    echo(_byline(article.ref) + (f", by {', '.join(article.authors)}" if article.authors else ""))
    if tags:
        echo(f"Tags: {', '.join(tags)}")
    echo(f"{article.ref.url}\n\n{article.text}".lstrip(), is_exact=True)


def print_tags(found: Mapping[str, Sequence[Tagging]]) -> None:
    for name, history in found.items():
        held = ", ".join(one.tag for one in history if one.removed is None)
        echo(f"{name}  {held or 'no tags'}")
        for one in history:
            until = f", taken away on {to_the_minute(one.removed)} UTC" if one.removed else ""
            echo(f"    {one.tag}: given on {to_the_minute(one.added)} UTC{until}")


def tags_json(article_id: str, history: Sequence[Tagging]) -> dict[str, Any]:
    """The tags of an article, and every one that it has or had; moments are ISO 8601."""
    return {
        "article_id": article_id,
        "tags": [one.tag for one in history if one.removed is None],
        "history": [
            {
                "tag": one.tag,
                "added": one.added.isoformat(),
                "removed": one.removed.isoformat() if one.removed else None,
            }
            for one in history
        ],
    }


def print_tag_counts(found: Mapping[str, int]) -> None:
    if not found:
        echo("no tags yet; `newsdesk tag ARTICLE_ID --add TAG` gives one")
    for tag, number in found.items():
        echo(f"{tag}  {count(number, 'article')}")


def print_changes(changes: ArticleChanges) -> None:
    if not changes.fields and not changes.sentences:
        echo("no earlier version differs from the article as it stands")
        return
    echo(f"version {changes.before} to version {changes.after}")
    for field in changes.fields:
        echo(f"{field.name}: {one_line(field.before) or 'unknown'} -> {one_line(field.after) or 'unknown'}")
    for sentence in changes.sentences:
        echo(f"{'+' if sentence.kind == 'added' else '-'} {one_line(sentence.text)}")


def print_checked(answers: Sequence[CheckedAnswer]) -> None:
    if not answers:
        echo("no answers; NEWSDESK_KEEP_ANSWERS=true keeps them, or name files of `newsdesk ask --json`")
    for answer in answers:
        echo(f"{answer.name}: {'holds' if answer.holds else 'does not hold'}: {one_line(answer.question)}")
        for citation in answer.citations:
            if citation.state != "holds":
                quote = f"\u201c{one_line(citation.quote)}\u201d"
                echo(f"    [{citation.marker}] {citation.state} in {citation.article_id}: {quote}")


def print_removed(removed: Mapping[str, bool], missing: str, *, as_json: bool) -> int:
    """How many of the names were removed; 1 where one is `missing`, which that sentence tells of its name."""
    absent = [name for name, done in removed.items() if not done]
    if as_json:
        print_json({"removed": [name for name, done in removed.items() if done], "missing": absent})
    else:
        echo(f"{len(removed) - len(absent)} removed")
        for name in absent:
            echo_error(missing.format(name))
    return 1 if absent else 0


def print_feeds(feeds: Sequence[Feed]) -> None:
    if not feeds:
        echo("no feeds yet; `newsdesk feeds add URL` subscribes to one")
    for feed in feeds:
        echo(f"{feed.url}  {one_line(feed.title)}".rstrip())
        state = f"polled {to_the_minute(feed.polled)} UTC" if feed.polled else "never polled"
        echo(f"    {state}{', its pages are followed' if feed.follow else ''}")
        if feed.problem:
            echo(f"    {feed.problem}")


def print_poll(report: PollReport) -> None:
    for outcome in report.feeds:
        for problem in outcome.problems:
            echo_error(f"{problem.where}: {problem.reason}")
        for note in outcome.notes:
            echo(f"note: {note.where}: {note.reason}")
        echo(
            f"{outcome.url}: {outcome.outcome.replace('_', ' ')}, "
            f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged"
        )
        if outcome.moved_to:
            echo(f"    answers from {outcome.moved_to} now; subscribe to that and remove this one")
    if not report.complete:
        echo_error("stopped early; the next poll goes on from there")
    if not report.feeds:
        echo("no feeds to poll; `newsdesk feeds add URL` subscribes to one")


def print_status(found: LibraryStatus) -> None:
    held = f"{count(found.stories, 'story', 'stories')}, {count(found.passages, 'passage')}"
    rows = {
        "library": found.folder,
        "archive": found.archive,
        "articles": f"{found.articles} ({held})",
        "published": _period(found.first_published, found.last_published),
        "outlets": ", ".join(found.outlets) or "none",
        "embedder": found.embedder or "none yet",
        "revision": f"{found.revision} (vectors {found.vectors_revision}, words {found.words_revision})",
        "state": "clean" if found.clean else "not clean; run `newsdesk rebuild`",
    }
    for name, value in rows.items():
        echo(f"{name:<10} {value}")
    for problem in found.problems:
        echo_error(problem)


def names_of(refs: Sequence[ArticleRef]) -> str:
    """The articles by their outlets, each once; by their titles or ids where no outlet is known."""
    names = (one_line(ref.outlet or ref.title) or f"article {ref.id}" for ref in refs)
    return ", ".join(dict.fromkeys(names))


def about(ref: ArticleRef, openings: Openings, *, named: bool = False) -> str:
    """Outlet, date and title on one line; without a title the article's first words, where `openings` has them.

    The id stands with those, unless the line is `named` by it already.
    """
    title = one_line(ref.title)
    if not title:
        untitled = "(no title)" if named else f"(no title, article {ref.id})"
        title = f"\u201c{openings[ref.id]}\u201d {untitled}" if openings.get(ref.id) else untitled
    return f"{_byline(ref)}: {title}"


def _byline(ref: ArticleRef) -> str:
    dated = dated_in_words(ref.published, is_ahead=ref.is_ahead, unknown="undated")
    held = f" (library {one_line(ref.library)})" if ref.library else ""
    return f"{one_line(ref.outlet) or 'unknown outlet'}, {dated}{held}"


def _link(ref: ArticleRef) -> str:
    return f"\n    {one_line(ref.url)}" if ref.url else ""


def _period(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return "no article has a date"
    return days_in_words(first, last)
