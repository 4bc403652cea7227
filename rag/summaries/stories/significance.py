"""Why a story matters, in the articles' own sentences: those that answer why, and not merely what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rag.answering.whole_quotes import ArticleSentences
from rag.models.reader.sentence_reader import SentenceReader
from rag.retrieval.reading_order import as_read
from rag.storage.library import Library
from rag.summaries.extractive import Floats, told_before
from rag.summaries.source_sentences import source_sentences
from rag.summaries.story_quotes import is_correction_notice
from rag.types import Article, Citation

WHY = ("Why does it matter?", "Why is this important?", "What are the consequences?", "What does this mean for people?")
WHAT = ("What happened?", "What is the news?")

WHAT_SHARE = 0.5
"""A sentence that tells the event answers every question a little; what it gains by that is taken off."""

TOLD_FROM = -0.5
"""The least worth that is shown. Read by hand on the sample, where it was chosen: 15 of 24 stories have a sentence from
there on, and of 12 it says why the story matters or what follows from it."""

MOST = 2
ARTICLES_READ = 3
SENTENCES_READ = 40


def why_it_matters(library: Library, articles: Sequence[str], *, said: Floats) -> tuple[Citation, ...]:
    """At most two quotes of these articles (ids, the most typical first) that say why it matters, one of each article;
    none that says what one of `said` (vectors) says.

    Empty where nothing says so, and where no network reads.
    """
    reader = library.reader
    if reader is None:
        return ()
    worth = [found for article in _read(library, articles) for found in _worth(library, reader, article)]
    picked: list[Citation] = []
    for _, quote in sorted(worth, key=lambda found: (-found[0], found[1].article.id, found[1].start)):
        if any(quote.article == one.article for one in picked):
            continue
        vector = library.embedder.embed_passages([quote.quote])
        if told_before(vector, said):
            continue
        picked.append(quote)
        if len(picked) == MOST:
            break
        said = np.vstack([said, vector])
    return tuple(picked)


def _read(library: Library, articles: Sequence[str]) -> list[Article]:
    found = (library.archive.article(name) for name in articles)
    return [one for one in found if one is not None and not is_correction_notice(one.ref)][:ARTICLES_READ]


def _worth(library: Library, reader: SentenceReader, article: Article) -> Iterator[tuple[float, Citation]]:
    """The sentences that are worth showing, each as a quote that can be read alone, with how much more it answers why
    than what."""
    passages = library.archive.passages(article.ref.id)
    whole = ArticleSentences.of(article.text, [span for passage in passages for span in passage.sentences])
    sentences = source_sentences(passages, most=SENTENCES_READ)
    quotable = {one.span.end for one in sentences if not (one.needs_before or one.by_surname)}
    read = [as_read(passage) for passage in passages]

    def scores(questions: Sequence[str]) -> list[Floats]:
        """The mean score of every sentence of each passage over the questions."""
        readings = [reader.read(question, read).passages for question in questions]
        return [
            np.mean([[sentence.score for sentence in own.sentences] for own in of_passage], axis=0, dtype=np.float32)
            for of_passage in zip(*readings, strict=True)
        ]

    for passage, why, what in zip(passages, scores(WHY), scores(WHAT), strict=True):
        for place, span in enumerate(passage.sentences):
            value = float(why[place] - WHAT_SHARE * what[place])
            quote = whole.whole_quote(span) if span.end in quotable and value >= TOLD_FROM else None
            if quote is not None:
                words = article.text[quote.start : quote.end]
                yield value, Citation(marker=1, article=article.ref, start=quote.start, end=quote.end, quote=words)
