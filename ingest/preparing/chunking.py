"""Cut an article into passages: runs of whole sentences, without overlap, about as long as the embedder reads well.

Text is compared and quoted by sentence, so a passage never begins or ends inside one. Where it can, it ends with a
paragraph: a paragraph's sentences explain each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rag.question.question_echo import tells_how_to_answer
from rag.text.sentences import split_sentences
from rag.types import Article, Passage, Span

TARGET_WORDS = 120
MAX_WORDS = 180
MAX_SENTENCE_WORDS = 400
MAX_SENTENCE_CHARACTERS = 4000

_MOST_HELD = 2
"""Times `max_words`: what sentences that tell how to answer may make of a passage, whose end they do not move."""

_WORD = re.compile(r"\S+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CLOSED = re.compile(r"[.!?…。！？؟۔।:;]\W*$")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: int
    held: int
    """Words with those that count for nothing where passages are cut."""

    ends_paragraph: bool


def word_count(text: str) -> int:
    """Count words; in scripts without spaces two characters count as one; 12 characters are a word at least."""
    return max(len(text.split()) + len(_UNSPACED.findall(text)) // 2, len(text) // 12)


def cut_passages(
    article: Article, *, target_words: int = TARGET_WORDS, max_words: int = MAX_WORDS
) -> tuple[Passage, ...]:
    """Return the article's passages in order; every sentence is in exactly one of them.

    A passage has about `target_words` and at most `max_words` words, unless a single sentence is longer: then it stands
    alone. Sentences that tell how to answer are not counted; with them it has at most twice `max_words`. A text without
    any sentence (no letter or digit) has no passages.
    """
    sentences = _sentences(article.text)
    passages: list[Passage] = []
    first = 0
    while first < len(sentences):
        last = _last_sentence(sentences, first, target_words, max_words)
        passages.append(_passage(article, len(passages), sentences[first : last + 1]))
        first = last + 1
    return tuple(passages)


def _passage(article: Article, position: int, sentences: list[_Sentence]) -> Passage:
    start, end = sentences[0].span.start, sentences[-1].span.end
    return Passage(
        article=article.ref,
        position=position,
        start=start,
        end=end,
        text=article.text[start:end],
        sentences=tuple(sentence.span for sentence in sentences),
    )


def _last_sentence(sentences: list[_Sentence], first: int, target_words: int, max_words: int) -> int:
    """Choose where the passage that begins with sentence `first` ends.

    Half the target is the most by which a passage misses it in order to end with a paragraph.
    """
    words, held, best, best_cost = 0, 0, first, float("inf")
    for index in range(first, len(sentences)):
        words += sentences[index].words
        held += sentences[index].held
        if (words > max_words or held > _MOST_HELD * max_words) and index > first:
            return best
        cost = abs(target_words - words) - (target_words / 2 if sentences[index].ends_paragraph else 0)
        if cost <= best_cost:
            best, best_cost = index, cost
    return len(sentences) - 1


def _sentences(text: str) -> list[_Sentence]:
    spans = [piece for span in split_sentences(text) for piece in _bounded(text, span)]
    sentences = []
    for index, span in enumerate(spans):
        gap = text[span.end : spans[index + 1].start] if index + 1 < len(spans) else "\n"
        sentence = text[span.start : span.end]
        # A line without a stop is a heading or a list item: what explains it comes next.
        ends_paragraph = "\n" in gap and _CLOSED.search(sentence[-8:]) is not None
        # What is no news moves no passage's end: else an instruction that is hidden in an article changes its answers.
        held = word_count(sentence)
        words = 0 if tells_how_to_answer(sentence) else held
        sentences.append(_Sentence(span, words, held, ends_paragraph))
    return sentences


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentence, or pieces of it where it is too long: cut at white space, else between characters."""
    sentence = text[span.start : span.end]
    if len(sentence) <= MAX_SENTENCE_CHARACTERS and word_count(sentence) <= MAX_SENTENCE_WORDS:
        yield span
        return
    start = end = span.start
    words = 0
    for word in _word_pieces(text, span):
        count = word_count(text[word.start : word.end])
        is_full = words + count > MAX_SENTENCE_WORDS or word.end - start > MAX_SENTENCE_CHARACTERS
        if is_full and end > start:
            yield Span(start=start, end=end)
            start, words = word.start, 0
        end, words = word.end, words + count
    yield Span(start=start, end=end)


def _word_pieces(text: str, span: Span) -> Iterator[Span]:
    """Yield the words of the span; a very long one comes in pieces that keep accents with their letters."""
    for word in _WORD.finditer(text, span.start, span.end):
        start = word.start()
        while word.end() - start > MAX_SENTENCE_WORDS:
            end = start + MAX_SENTENCE_WORDS
            while end < word.end() and end < start + 2 * MAX_SENTENCE_WORDS and unicodedata.combining(text[end]):
                end += 1
            yield Span(start=start, end=end)
            start = end
        if start < word.end():
            yield Span(start=start, end=word.end())
