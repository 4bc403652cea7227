"""Questions to go on with, asked of who and what the evidence of an answer names; each is answered before it is shown.

Nothing is put into a template but a name: a headline or half a sentence there makes no question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest

from rag.answering.answer_selection import select_sentences
from rag.answering.candidate import Candidate
from rag.answering.speakers import speaker_of
from rag.question.coreference import subject_of
from rag.retrieval.retrieve import retrieve
from rag.retrieval.topic import evidence_about
from rag.storage.library import Library
from rag.text.country_names import TITLES, is_country, name_key
from rag.text.search_terms import content_terms
from rag.text.word_sets import CLAIM_STOP_WORDS
from rag.types import Answer, ArticleRef, Question

MOST_TRIED = 5
"""Questions that are asked of the library, each a search and a reading."""

NEWER_BY = timedelta(days=1)

_CAPITAL = r"[^\W\d_a-zà-ÿ][\w'\u2019-]*"
_NAME = re.compile(rf"(?:the\s)?{_CAPITAL}(?:\s(?:(?:of(?:\sthe)?|for|al|bin|de|van|von)\s)?(?:{_CAPITAL}|al-\w+))+")
"""Two words or more: one alone may only begin a sentence."""

_CAPITALISED = re.compile(rf"\b{_CAPITAL}")
_ENDS_NAME = re.compile(r"['\u2019]s?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """A question with the name that its answer must speak of, and how the best quote must do it."""

    text: str
    name: str
    tells: Callable[[str], bool]


def further_questions(library: Library, answer: Answer, *, now: datetime) -> tuple[str, ...]:
    """At most `Settings.further_questions` questions that the library answers without doubt, in other quotes than the
    answer shows; none after an answer that found nothing or is no answer to a question."""
    most = library.settings.further_questions
    if not most or answer.intent != "question" or not answer.sentences:
        return ()
    newest = _latest(library, answer, now)
    tried = islice(_wanted(library, answer), MOST_TRIED)
    asked = (wanted.text for wanted in tried if _is_answered(library, wanted, answer, now))
    return tuple(islice(chain(newest, asked), most))


def _wanted(library: Library, answer: Answer) -> Iterator[_Wanted]:
    """What may be asked, the kinds in turn."""
    sentences = _sentences(library, answer)
    shown = [quote.quote for quote in answer.citations]
    told = " ".join([answer.question.complete, *shown])
    speakers = [speaker_of(text) for text in sentences if not any(text in quote for quote in shown)]
    said = dict.fromkeys(name for who in speakers if (name := _name_in(who)) and not _names(told, name))
    people = [name for name in said if not name.startswith("the ")]
    named = [name for text in shown for name in _names_of(text) if not _names(answer.question.complete, name)]
    titled = [name for name in named if name.split()[0].casefold().rstrip(".") in TITLES or name in people]
    known = [name for name in _told_twice(sentences) if not _names(told, name) and name not in said]
    yield from filter(
        None,
        chain.from_iterable(
            zip_longest(map(_what_said, said), map(_what_known, known), map(_who, dict.fromkeys(titled)))
        ),
    )


def _what_said(name: str) -> _Wanted:
    return _Wanted(text=f"What did {name} say?", name=name, tells=lambda quote: _names(speaker_of(quote), name))


def _what_known(name: str) -> _Wanted:
    return _Wanted(text=f"What is known about {name}?", name=name, tells=lambda quote: True)


def _who(name: str) -> _Wanted:
    described = re.compile(rf"\w,?\s{re.escape(name)}\b|{re.escape(name)},\s(?:an?|the|who|whose)\s")
    return _Wanted(text=f"Who is {name}?", name=name, tells=lambda quote: described.search(quote) is not None)


def _is_answered(library: Library, wanted: _Wanted, answer: Answer, now: datetime) -> bool:
    question = Question(text=wanted.text, scope=answer.question.scope)
    evidence = retrieve(library, question, limit=library.settings.max_passages, now=now)
    selected = select_sentences(library, question, evidence, limit=library.settings.max_sentences)
    if not selected.picked or not selected.is_sure or selected.missing:
        return False
    best = selected.picked[0]
    is_new = not any(_is_shown(candidate, answer) for candidate in selected.picked)
    return is_new and _names(best.text, wanted.name) and wanted.tells(best.text)


def _is_shown(candidate: Candidate, answer: Answer) -> bool:
    article, span = candidate.evidence.passage.article.id, candidate.span
    return any(
        quote.article.id == article and span.start < quote.end and quote.start < span.end for quote in answer.citations
    )


def _latest(library: Library, answer: Answer, now: datetime) -> tuple[str, ...]:
    """The newest coverage of what was asked about, where an article of it that has the question's names is newer than
    all that is quoted."""
    asked = answer.question.complete
    subject = subject_of([asked])
    dates = [quote.article.believed for quote in answer.citations if quote.article.believed]
    if not subject or not content_terms(subject) or is_country(name_key(subject)) or not dates:
        return ()
    names = _CAPITALISED.findall(asked[1:])
    found = evidence_about(library, Question(text=subject, scope=answer.question.scope), now=now)
    newer = {one.passage.article.id for one in found if _is_newer(one.passage.article, max(dates))}
    texts = (article.text for name in sorted(newer) if (article := library.archive.article(name)) is not None)
    if not names or not any(all(name in text for name in names) for text in texts):
        return ()
    determiner = "the " if f"the {subject}" in asked else ""
    return (f"What is the latest on {determiner}{subject}?",)


def _is_newer(article: ArticleRef, moment: datetime) -> bool:
    return article.believed is not None and article.believed >= moment + NEWER_BY


def _sentences(library: Library, answer: Answer) -> list[str]:
    """The sentences of the cited articles."""
    cited = dict.fromkeys(quote.article.id for quote in answer.citations)
    passages = [passage for name in cited for passage in library.archive.passages(name)]
    return list(dict.fromkeys(passage.sentence(span) for passage in passages for span in passage.sentences))


def _told_twice(sentences: Sequence[str]) -> list[str]:
    """Names of two words or more that stand in several sentences, none of them only at a beginning."""
    places: dict[str, int] = {}
    for text in sentences:
        for name in dict.fromkeys(_names_of(text)):
            places[name] = places.get(name, 0) + 1
    return [name for name, count in places.items() if count > 1 and name.split()[0].casefold() not in TITLES]


def _names_of(text: str) -> list[str]:
    """The names inside a sentence; what it opens with may be no name."""
    found = (_ENDS_NAME.sub("", match.group()) for match in _NAME.finditer(text) if match.start() > 0)
    return [name for name in found if not is_country(name_key(name.removeprefix("the ")))]


def _name_in(speaker: str) -> str:
    """The name in "the health minister, Ines Vale"; "" where none of two words is there."""
    match = _NAME.search(speaker)
    if match is None:
        return ""
    name = _ENDS_NAME.sub("", match.group())
    first, _, rest = name.partition(" ")
    if first.casefold() not in CLAIM_STOP_WORDS:
        return name
    return f"the {rest}" if first.casefold() == "the" and " " in rest else ""


def _names(text: str, name: str) -> bool:
    """Whether the text has the name's last word that is told apart by capitals."""
    return re.search(rf"\b{re.escape(name.split()[-1])}\b", text) is not None
