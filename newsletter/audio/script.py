"""What is said when an issue is read out: chapter by chapter, each quote after who says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from newsletter.issue import Issue, Item, in_its_language
from newsletter.text import correction_in_words, paragraphs, shown
from rag.answering.quote_writer import printed_in
from rag.checking.disagreements import Disagreement
from rag.text.formatting import all_of
from rag.wording import _, ngettext

# Engines take commands and spelled sounds between brackets ("[[slnc 5000]]"), markup between angles, and say the rest
# of these by their names; what an article says is data.
_COMMANDS = re.compile(r"[\[\]<>{}|\\^_*#~`]+")
_ENDS = (".", "!", "?", "…", ":")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A part that listeners can go to. Between its `lines` is a pause; `url` is the article that tells it."""

    title: str
    lines: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Broadcast:
    """All that is said, in the language (BCP 47) in which it is said."""

    title: str
    language: str
    chapters: tuple[Chapter, ...]


@in_its_language
def broadcast_of(issue: Issue) -> Broadcast:
    """The issue as it is read out: an opening, a chapter for each story, a closing. The same issue gives the same
    words."""
    stories = [
        _of_story(item, section=section.title if not number and len(issue.shown_sections) > 1 else "")
        for section in issue.shown_sections
        for number, item in enumerate(section.items)
    ]
    return Broadcast(
        title=shown(issue.title),
        language=issue.language,
        chapters=(_opening(issue), *stories, _closing(issue)),
    )


def _opening(issue: Issue) -> Chapter:
    number = len(issue.items)
    told = ngettext("{n} story.", "{n} stories.", number) if number else _("Nothing in this period.")
    lines = [f"{issue.title}. {issue.edition}.", *paragraphs(issue.intro), told]
    return Chapter(title=_("Opening"), lines=_spoken(lines))


def _closing(issue: Issue) -> Chapter:
    made = _("Every sentence under a headline was read as the outlet that was named has it. Made with Newsdesk.")
    return Chapter(title=_("Closing"), lines=_spoken([*paragraphs(issue.closing), made]))


def _of_story(item: Item, *, section: str) -> Chapter:
    lines = [section] if section else []
    lines += [item.title, _told_by(item), item.change]
    lines += [f"{sentence.lead_in} {sentence.text}" for sentence in item.told_in]
    lines += chain.from_iterable(map(_disputed, item.disputed))
    lines += map(correction_in_words, item.corrections)
    if item.note:
        lines += [_("Editor’s note:"), *paragraphs(item.note)]  # noqa: RUF001  (as it is printed)
    newest = next((ref.url for ref in item.articles if ref.url), "")
    return Chapter(title=shown(item.title), lines=_spoken(lines), url=newest)


def _told_by(item: Item) -> str:
    """`2 independent sources: Evening Mail and Harbour Post.`; one outlet is named with its quotes."""
    return f"{item.sources_in_words}: {all_of(item.outlets)}." if item.sources > 1 else ""


def _disputed(pair: Disagreement) -> Iterator[str]:
    yield _("Disputed: the outlets differ") if pair.kind == "figure" else _("Disputed: one denies what the other says")
    for side in (pair.one, pair.other):
        yield f"{printed_in(side.article)}: {side.quote}"


def _spoken(lines: list[str]) -> tuple[str, ...]:
    """The lines that say something, none with what an engine would take for a command; each ends as a sentence does,
    which is what lets the voice fall."""
    plain = (" ".join(_COMMANDS.sub(" ", shown(line)).split()) for line in lines)
    return tuple(line if line.rstrip('"”’»)').endswith(_ENDS) else f"{line}." for line in plain if line.strip(" :.-"))  # noqa: RUF001
