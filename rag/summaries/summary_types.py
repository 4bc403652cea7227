"""A summary and how long it may be. Every sentence is cited, and markers and citations are the same set."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rag.public_json import article_json, citation_json, sentence_json
from rag.types import AnswerSentence, ArticleRef, Citation, Provenance, rendered_sentence

WORDS_IN_A_SENTENCE = 22
"""Of news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """The most that a summary may have: sentences or words, exactly one of the two.

    A word is what stands between white space, in the sentences shown; markers and lead-ins do not count.
    """

    sentences: int | None = None
    words: int | None = None

    def __post_init__(self) -> None:
        given = [limit for limit in (self.sentences, self.words) if limit is not None]
        if len(given) != 1:
            raise ValueError("give the length in sentences or in words, exactly one of the two")
        if given[0] < 1:
            raise ValueError(f"a summary needs at least 1 sentence or word, got {given[0]}")

    @property
    def about_sentences(self) -> int:
        """The length in sentences; one in words by the usual length of a sentence."""
        return self.sentences or max(1, (self.words or 0) // WORDS_IN_A_SENTENCE)

    @property
    def about_words(self) -> int:
        """The length in words; one in sentences by the usual length of a sentence."""
        return self.words or self.about_sentences * WORDS_IN_A_SENTENCE

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether these sentences together are no longer than this."""
        shown = list(texts)
        if self.sentences is not None:
            return len(shown) <= self.sentences
        return sum(map(word_count, shown)) <= (self.words or 0)


def word_count(text: str) -> int:
    """Words of a text: what stands between white space."""
    return len(text.split())


def numbering(*, after: int = 0) -> Callable[[Citation], Citation]:
    """Gives quotes their markers in the order of its calls, counting on from `after`."""
    markers = itertools.count(after + 1)
    return lambda quote: replace(quote, marker=next(markers))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A checked summary within its length.

    `articles` are those that are cited, in the order of their first citation; `read` counts all that were read.
    `about` is what the reader asked for ("" for everything in them). No sentences where nothing can be quoted within
    the length; `provenance.notice` says so.
    """

    title: str
    articles: tuple[ArticleRef, ...]
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    length: Length
    read: int
    about: str = ""
    provenance: Provenance = field(default_factory=lambda: Provenance(writer="quotes"))

    def __post_init__(self) -> None:
        used = {marker for sentence in self.sentences for marker in sentence.citations}
        listed = [citation.marker for citation in self.citations]
        if used != set(listed) or len(set(listed)) != len(listed):
            raise ValueError(f"markers {sorted(used)} and citations {listed} differ")
        if tuple(dict.fromkeys(citation.article for citation in self.citations)) != self.articles:
            raise ValueError("the articles of a summary are those that it cites, in that order")
        if not self.length.holds(sentence.text for sentence in self.sentences):
            raise ValueError(f"the summary is longer than {self.length}")

    @property
    def text(self) -> str:
        """The summary as plain text with markers, a sentence a line."""
        return "\n".join(rendered_sentence(sentence) for sentence in self.sentences)


def summary_json(summary: Summary) -> dict[str, Any]:
    """The public JSON form of a summary (`newsdesk summarize --json`); citations as in
    `rag.public_json.answer_json`."""
    made = summary.provenance
    return {
        "title": summary.title,
        "about": summary.about,
        "length": {"sentences": summary.length.sentences, "words": summary.length.words},
        "text": summary.text,
        "sentences": [sentence_json(sentence) for sentence in summary.sentences],
        "citations": [citation_json(citation) for citation in summary.citations],
        "articles": [article_json(ref) for ref in summary.articles],
        "articles_read": summary.read,
        "provenance": {
            "writer": made.writer, "model": made.model, "prompts": dict(made.prompts), "embedder": made.embedder,
            "revision": made.revision, "timings_ms": {k: round(v, 1) for k, v in made.timings.items()},
            "notice": made.notice, "removed": [{"text": r.text, "reason": r.reason} for r in made.removed],
            "usage": dict(made.usage),
        },
    }  # fmt: skip
