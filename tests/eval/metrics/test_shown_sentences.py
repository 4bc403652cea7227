"""A quote of several sentences counts as each of them."""

from __future__ import annotations

from eval.metrics.shown_sentences import shown_sentences
from rag.testing import make_article
from rag.types import Citation

ARTICLE = make_article("The pier is closed. It was hit by a barge. Repairs begin in May.")


def test_each_sentence_of_a_quote_stands_at_its_place_under_the_quote_s_marker() -> None:
    quote = Citation(marker=3, article=ARTICLE.ref, start=0, end=42, quote=ARTICLE.text[:42])
    assert [(one.marker, one.quote, ARTICLE.text[one.start : one.end]) for one in shown_sentences([quote])] == [
        (3, "The pier is closed.", "The pier is closed."),
        (3, "It was hit by a barge.", "It was hit by a barge."),
    ]
