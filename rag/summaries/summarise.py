"""Summaries: the sentences that tell most of some articles, quoted exactly, or a model's prose.

Without a model a summary is chosen (`rag.summaries.extractive`), in source order and within its length. With one, the
prose is checked sentence by sentence like an answer, and where nothing of it holds the chosen sentences take its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rag.answering.model_writer import Usage, prompt_digests
from rag.answering.notices import model_failed, unsupported
from rag.answering.quote_writer import introduced
from rag.errors import ModelError, NoSuchArticle, UsageError
from rag.retrieval.copies import SyndicatedCopies
from rag.storage.library import Library
from rag.summaries.abstractive import SUMMARY_PROMPTS, prose
from rag.summaries.extractive import Floats, select_summary
from rag.summaries.source_sentences import SourceSentence, source_sentences
from rag.summaries.summary_types import Length, Summary
from rag.timing import Stopwatch
from rag.types import AnswerSentence, ArticleRef, Citation, Provenance, RemovedSentence
from rag.wording import _

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_SENTENCES = 60
"""Sentences of one article that are looked at: about 1,300 words, and what matters stands before."""

MOST_IN_ALL = 600
"""Sentences of all articles together, shared evenly: comparing and embedding them takes about a second."""

FOR_A_MODEL = 3
"""A model is given so many times the length to write from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """What is shown, and who wrote it."""

    writer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    removed: tuple[RemovedSentence, ...] = ()
    notice: str = ""


def summarise(
    library: Library,
    articles: Sequence[str],
    *,
    length: Length,
    about: str = "",
    title: str = "",
    model: BaseChatModel | None = None,
) -> Summary:
    """The summary of these articles (ids), never longer than `length`; `about` prefers what speaks of it.

    Articles that carry one wire text are read once, the earliest of them. Raises `UsageError` where no article is
    named, `LibraryError` where there is none of an id.
    """
    watch = Stopwatch()
    sources = Sources.read(library, articles)
    about_vector = library.embedder.embed_question(about) if about else None
    watch.note("reading")
    picked = select_summary(sources.sentences, sources.vectors, length=length, about=about_vector)
    watch.note("selection")
    shown, usage = _from_quotes(picked), Usage(library.spending)
    if model is not None and picked:
        wide = select_summary(sources.sentences, sources.vectors, length=_wider(length), about=about_vector)
        shown = _from_model(
            model,
            wide,
            length=length,
            about=about or sources.title,
            quotes=shown,
            library=library,
            usage=usage,
        )
        watch.note("writing")
    citations = SyndicatedCopies(library.archive).named(shown.citations)
    return Summary(
        title=title or about or sources.title,
        articles=tuple(dict.fromkeys(citation.article for citation in citations)),
        sentences=shown.sentences,
        citations=citations,
        length=length,
        read=len(sources.refs),
        about=about,
        provenance=_provenance(
            library, shown, length=length, has_model=model is not None, timings=watch.timings(), usage=usage
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The articles read, oldest first, with the sentences of each that may be quoted and a vector for each sentence."""

    refs: tuple[ArticleRef, ...]
    sentences: tuple[tuple[SourceSentence, ...], ...]
    vectors: Floats

    @classmethod
    def read(cls, library: Library, ids: Sequence[str]) -> Sources:
        """Read the articles of these ids; raises what `summarise` raises."""
        refs = _texts(library, ids)
        most = max(3, min(MOST_SENTENCES, MOST_IN_ALL // len(refs)))
        sentences = tuple(tuple(source_sentences(library.archive.passages(ref.id), most=most)) for ref in refs)
        texts = [sentence.text for article in sentences for sentence in article]
        empty = np.zeros((0, library.embedder.dimension), dtype=np.float32)
        return cls(refs=refs, sentences=sentences, vectors=library.embedder.embed_passages(texts) if texts else empty)

    def only(self, kept: Sequence[bool]) -> Sources:
        """The same articles with some of the sentences; `kept` says of each, article by article, whether it stays."""
        stays = iter(kept)
        sentences = tuple(tuple(one for one in article if next(stays)) for article in self.sentences)
        return replace(self, sentences=sentences, vectors=self.vectors[np.array(kept, dtype=bool)])

    @property
    def title(self) -> str:
        """The first title there is."""
        return next((ref.title for ref in self.refs if ref.title.strip()), "")


def _texts(library: Library, ids: Sequence[str]) -> tuple[ArticleRef, ...]:
    """The articles, oldest first and undated ones last; of copies of one text the earliest."""
    if not ids:
        raise UsageError("no article to summarise; name one or more, `newsdesk articles` lists them")
    refs = []
    for name in dict.fromkeys(ids):
        article = library.archive.article(name)
        if article is None:
            raise NoSuchArticle.of(name)
        refs.append(article.ref)
    stories = library.archive.stories_of([ref.id for ref in refs])
    # Undated articles keep the order in which they were named.
    in_order = sorted(refs, key=lambda ref: ref.believed.timestamp() if ref.believed else math.inf)
    first: dict[str, ArticleRef] = {}
    for ref in in_order:
        first.setdefault(stories.get(ref.id) or ref.id, ref)
    return tuple(first.values())


def _from_quotes(picked: Sequence[SourceSentence]) -> _Written:
    """The chosen sentences as exact quotes, each led in by who says it and each article's by its outlet and date."""
    citations = tuple(
        Citation.of(source.passage, source.span, marker=marker) for marker, source in enumerate(picked, start=1)
    )
    return _Written(writer="quotes", sentences=introduced(citations), citations=citations)


def _from_model(
    model: BaseChatModel,
    wide: Sequence[SourceSentence],
    *,
    length: Length,
    about: str,
    quotes: _Written,
    library: Library,
    usage: Usage,
) -> _Written:
    """The model's summary as far as the check lets it through; the quotes, with a notice, where nothing is left."""
    try:
        found = prose(
            model,
            wide,
            length=length,
            about=about,
            timeout_seconds=library.settings.model_timeout_seconds,
            usage=usage,
            check=library.check,
        )
    except ModelError as error:
        notice = model_failed(error)
        return _Written(writer="quotes", sentences=quotes.sentences, citations=quotes.citations, notice=notice)
    if found.sentences:
        return _Written(writer="model", sentences=found.sentences, citations=found.citations, removed=found.removed)
    return _Written(
        writer="quotes",
        sentences=quotes.sentences,
        citations=quotes.citations,
        removed=found.removed,
        notice=unsupported(),
    )


def _provenance(
    library: Library,
    shown: _Written,
    *,
    length: Length,
    has_model: bool,
    timings: Mapping[str, float],
    usage: Usage,
) -> Provenance:
    return Provenance(
        writer=shown.writer,
        model=library.settings.model if has_model else "",
        prompts=prompt_digests(*SUMMARY_PROMPTS) if has_model else {},
        embedder=library.embedder.identity,
        revision=library.archive.revision(),
        timings=timings,
        notice=shown.notice or ("" if shown.sentences else _nothing(length)),
        removed=shown.removed,
        usage=usage.told(),
    )


def _wider(length: Length) -> Length:
    if length.words is not None:
        return Length(words=FOR_A_MODEL * length.words)
    return Length(sentences=FOR_A_MODEL * (length.sentences or 1))


def _nothing(length: Length) -> str:
    if length.words is not None:
        return _("No sentence of these articles can be quoted in {n} words; ask for a longer summary.", n=length.words)
    return _("These articles have no sentence that can be quoted.")
