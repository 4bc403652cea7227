"""The quotes of a story: first the one sentence that says best what happened, then what adds most to it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rag.answering.whole_quotes import MOST_SENTENCES
from rag.storage.library import Library
from rag.summaries.announcements import announces, without_overtaken
from rag.summaries.extractive import USUAL, Floats, select_summary, told_before
from rag.summaries.reporting import is_opinion, reporting, speaks_to_readers
from rag.summaries.source_sentences import SourceSentence, names_in
from rag.summaries.summarise import Sources
from rag.summaries.summary_types import Length, word_count
from rag.text.quantities import quantities
from rag.text.search_terms import content_terms
from rag.text.word_sets import CLAIM_STOP_WORDS
from rag.types import ArticleRef, Citation, Passage, Span

LEAD_SENTENCES = 8
"""News says what happened in its first sentences, behind what pages put in front: points of a summary, a scene."""

SHORTEST_WORDS, LONGEST_WORDS = 8, 45

OWN_TITLE = 0.1
"""What the title of the article that says best what happened is nearer to it than its cosine says."""

ARTICLES_HEARD, SENTENCES_HEARD = 3, 15
"""What a reader knows of a story that goes on is read in so many of its articles, in the first sentences of each."""

STORY_WEIGHTS = replace(USUAL, same=0.75)
"""Of a story no two quotes that say nearly the same: outlets report one event in nearly the same words."""

_POINTING_TAIL = re.compile(
    r"(?<=[.!?])\s+(?:see|watch|read|here(?:['\u2019]s|\s+are|\s+is)|what\s+(?:to|we)\s+know|updates?)\b[^.!?]*[.!?]?$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"\s*(?:\.{3,}|…)(?:\s+[-\u2013\u2014|]\s+\S.*)?$")

_CORRECTION = re.compile(
    r"\W*(?:corrections?|clarifications?|correctie|rectificatif|korrektur|berichtigung|correcci[oó]n)\b", re.IGNORECASE
)

TITLE_WORDS_SHARE = 0.5
"""What a sentence gains that has all the words of one of the headlines: the title method of Edmundson (New methods in
automatic extracting, JACM 1969). Of 43 stories (three weeks of the development corpus of RealTime QA, the sample) it
changed six first sentences: three are better, one is worse."""

TITLE_SHARE, LEAD_SHARE, NEWEST_SHARE, NAMELESS, ANNOUNCED = 1.5, 0.5, 0.1, 0.2, 0.5
"""Beside the cosine to what the articles' first sentences have in common: the cosine to what their headlines have in
common, what the first sentence of an article gains over a late one, what the newest article gains over the oldest, and
what a sentence loses that names nobody and no place, or that says what is to come while its story has gone on. The
headlines' weight is 1.5 for pages that put points of a summary in front of the report: there the first sentence of the
report is the one nearest to its headline. Of 80 single articles (October 2025 of the development corpus of RealTime QA)
that and eight sentences in the place of five changed eight first sentences: two are better, one is worse."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryQuotes:
    """Exact quotes, the one that says best what happened first, and a vector for each."""

    quotes: tuple[Citation, ...]
    vectors: Floats


def story_quotes(
    library: Library,
    articles: Sequence[str],
    *,
    length: Length,
    about: str = "",
    said: Floats | None = None,
    read: Sequence[str] = (),
) -> StoryQuotes:
    """The quotes that tell the story of these articles (ids); none that says what one of `said` (vectors) says or
    stands word for word in one of the articles `read` (ids), and none that announces what a later article tells as
    happened.

    Raises what `rag.summaries.summarise.summarise` raises.
    """
    found = _without_repeated(library, Sources.read(library, articles), read)
    sources = without_overtaken(_with_whole_corrections(library, reporting(found)))
    rows = [sentence for article in sources.sentences for sentence in article]
    wanted = library.embedder.embed_question(about) if about else None
    first = _telling(library, sources, wanted, said)
    picked = select_summary(
        sources.sentences, sources.vectors, length=length, about=wanted, first=first, said=said, weights=STORY_WEIGHTS
    )
    if first is not None:
        picked = [rows[first], *(sentence for sentence in picked if sentence is not rows[first])]
    numbers = {id(sentence): number for number, sentence in enumerate(rows)}
    return StoryQuotes(
        quotes=tuple(Citation.of(one.passage, one.span, marker=marker) for marker, one in enumerate(picked, start=1)),
        vectors=sources.vectors[[numbers[id(one)] for one in picked]],
    )


def _without_repeated(library: Library, sources: Sources, read: Sequence[str]) -> Sources:
    """The sources without what stands word for word in articles that were read: live pages carry it from day to day."""
    if not read:
        return sources
    known = {
        _folded(passage.sentence(span)) for name in read for passage, span in _spans(library.archive.passages(name))
    }
    return sources.only([_folded(one.text) not in known for article in sources.sentences for one in article])


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def is_correction_notice(ref: ArticleRef) -> bool:
    """Whether the article puts another one right, as its title says."""
    return bool(_CORRECTION.match(ref.title))


def _with_whole_corrections(library: Library, sources: Sources) -> Sources:
    """The sources, a correction beside what it corrects cut down to the paragraph that gives the figure: "That was
    wrong." tells a reader nothing, nor does the old figure without the one in its place."""
    if len(sources.refs) < 2 or not any(map(is_correction_notice, sources.refs)):
        return sources
    sentences: list[tuple[SourceSentence, ...]] = []
    vectors: list[Floats] = []
    row = 0
    for ref, article in zip(sources.refs, sources.sentences, strict=True):
        own = sources.vectors[row : row + len(article)]
        row += len(article)
        whole = _paragraph_with_figure(library.archive.passages(ref.id)) if is_correction_notice(ref) else None
        if whole is not None:
            article, own = (whole,), library.embedder.embed_passages([whole.text])
        sentences.append(article)
        vectors.append(own)
    return replace(sources, sentences=tuple(sentences), vectors=np.vstack(vectors))


def _paragraph_with_figure(passages: Sequence[Passage]) -> SourceSentence | None:
    """The first paragraph that gives a figure beside dates, as one quote; None where it is longer than a quote."""
    for passage in passages:
        for paragraph in re.finditer(r"[^\n]+", passage.text):
            start, end = (passage.start + edge for edge in paragraph.span())
            held = [span for span in passage.sentences if start <= span.start and span.end <= end]
            if not held or len(held) > MOST_SENTENCES or not quantities(paragraph.group()):
                continue
            span = Span(start=held[0].start, end=held[-1].end)
            text = passage.sentence(span)
            return SourceSentence(
                passage=passage,
                span=span,
                position=0,
                text=text,
                words=word_count(text),
                needs_before=False,
                names=names_in(text),
            )
    return None


def said_by(library: Library, articles: Sequence[str]) -> Floats:
    """The vectors of what some articles (ids) say in their first sentences."""
    texts = [
        passage.sentence(span)
        for name in articles[:ARTICLES_HEARD]
        for passage, span in _spans(library.archive.passages(name))[:SENTENCES_HEARD]
    ]
    if not texts:
        return nothing_said(library)
    return library.embedder.embed_passages(texts)


def nothing_said(library: Library) -> Floats:
    """The vectors of what a reader knows who has read nothing, shape (0, d)."""
    return np.zeros((0, library.embedder.dimension), dtype=np.float32)


def _spans(passages: Sequence[Passage]) -> list[tuple[Passage, Span]]:
    return [(passage, span) for passage in passages for span in passage.sentences]


def _telling(library: Library, sources: Sources, about: Floats | None, said: Floats | None) -> int | None:
    """The row of the sentence that says best what happened; None where no early sentence can be read alone."""
    rows = [(sentence, age) for age, article in enumerate(sources.sentences) for sentence in article]
    heard = told_before(sources.vectors, said)
    early = [
        number
        for number, (sentence, age) in enumerate(rows)
        # What stands behind sentences that were heard stands first to this reader.
        if sentence.position < LEAD_SENTENCES + sum(rows[one][1] == age for one in heard if one < number)
    ]
    if not early:
        return None
    centre = sources.vectors[early].mean(axis=0)
    centre = centre / max(float(np.linalg.norm(centre)), 1e-9)
    titled = [ref.title for ref in sources.refs if ref.title.strip()]
    words = [frozenset(content_terms(title)) for title in titled]
    newest = max((ref.believed for ref in sources.refs if ref.believed), default=None)
    headlines = library.embedder.embed_passages(titled).mean(axis=0) if titled else centre

    def is_past(day: datetime | None) -> bool:
        return day is not None and newest is not None and day.date() < newest.date()

    def worth(number: int) -> float:
        sentence, age = rows[number]
        vector = sources.vectors[number]
        value = float(vector @ centre) + TITLE_SHARE * float(vector @ headlines)
        held = frozenset(content_terms(sentence.text))
        value += TITLE_WORDS_SHARE * max((len(held & one) / len(one) for one in words if one), default=0.0)
        value += LEAD_SHARE * math.exp(-sentence.position / 3) + NEWEST_SHARE * age / max(1, len(sources.refs) - 1)
        if not sentence.names:
            value -= NAMELESS
        if is_past(sources.refs[age].believed) and announces(sentence.text):
            value -= ANNOUNCED
        if sentence.by_surname - names_in(sources.refs[age].title):
            value -= USUAL.unknown
        return value + (USUAL.about * float(vector @ about) if about is not None else 0.0)

    first = (number for number in early if number not in heard and _stands_alone(rows[number][0]))
    return max(first, key=worth, default=None)


def _stands_alone(sentence: SourceSentence) -> bool:
    if is_correction_notice(sentence.passage.article):
        return False
    return not sentence.needs_before and SHORTEST_WORDS <= sentence.words <= LONGEST_WORDS


def headline(library: Library, happened: Citation, refs: Sequence[ArticleRef]) -> str:
    """Of the articles' titles that are whole and say something, rather than ask, the one nearest to what happened; else
    of the whole ones, else of all; "" where there is none. The title over the sentence that says it goes first."""
    news = [ref for ref in refs if not (is_correction_notice(ref) or is_opinion(ref))]
    given = list(dict.fromkeys(title for title in map(_without_outlet, news or refs) if title))
    whole = [title for title in given if not title.rstrip().endswith(("...", "…"))]
    said = [title for title in whole if "?" not in title and not speaks_to_readers(title)]
    choice = said or whole or given
    if len(choice) < 2:
        return next(iter(choice), "")
    vectors = library.embedder.embed_passages([happened.quote, *choice])
    own = np.array([OWN_TITLE * (title == _without_outlet(happened.article)) for title in choice])
    return choice[int(np.argmax(vectors[1:] @ vectors[0] + own))]


def _without_outlet(ref: ArticleRef) -> str:
    """The title without the outlet's name that web pages put behind it, a last sentence that only points ("See
    photos."), or what stands behind a cut-off one; of that no word that leads on to nothing ("after …") is left."""
    title = re.sub(rf"\s+[-\u2013\u2014|]\s+{re.escape(ref.outlet)}\s*$", "", ref.title, flags=re.IGNORECASE).strip()
    title, tails = _POINTING_TAIL.subn("", title)
    if tails:
        return title.rstrip(".")
    cut = _CUT_OFF.search(title)
    if cut is None:
        return title
    words = title[: cut.start()].split()
    while len(words) > 1 and words[-1].casefold().strip(",;:") in CLAIM_STOP_WORDS:
        words.pop()
    if words and words[-1].endswith((".", "!", "?")):
        return " ".join(words).rstrip(".")
    return f"{' '.join(words).rstrip(',;:')} …"
