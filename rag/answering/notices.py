"""What is said beside an answer: that it may be none, that its quotes are old, that a language model failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rag.errors import ModelError
from rag.question.language import NAMES
from rag.retrieval.foreign_articles import StoredArticles, foreign_language_of
from rag.text.formatting import day_in_words
from rag.text.relative_periods import distance_in_words
from rag.types import Answer
from rag.wording import N_, _, translated

MAY_NOT_ANSWER = N_("This may not answer the question: read the quotes with care.")

OLD_FOR_THE_PRESENT = timedelta(days=2)
"""A question about the present is told the age of quotes that are older than yesterday's news."""


def model_failed(error: ModelError, *, other: str = "") -> str:
    """That a language model failed, and what stands in its place: the `other` model's prose, or quotes."""
    if other:
        return _("The language model could not be used ({error}); {model} wrote instead.", error=error, model=other)
    return _("The language model could not be used ({error}); these are quotes from the articles.", error=error)


def unsupported() -> str:
    """That nothing of a draft was let through."""
    return _("The model's draft was not supported by the articles; these are quotes instead.")


def age_notice(dates: Sequence[datetime | None], now: datetime) -> str:
    """How old the newest of the quotes is, where that is `OLD_FOR_THE_PRESENT` or more; "" otherwise."""
    dated = [day for day in dates if day is not None]
    if not dated or now - max(dated) < OLD_FOR_THE_PRESENT:
        return ""
    newest = max(dated)
    age = distance_in_words(now - newest)
    return _("The newest of these quotes is of {day}, {age} ago.", day=day_in_words(newest), age=age)


def told_of_languages(archive: StoredArticles, answer: Answer) -> Answer:
    """The answer, with a warning and without a lead where its first quote is in another language than the question;
    with a notice where the quotes that come nearest are."""
    quote = next(iter(answer.citations or answer.related), None)
    code = foreign_language_of(archive, quote.article.id, answer.question.text) if quote is not None else ""
    if not code:
        return answer
    language = NAMES[code]
    if answer.citations:
        told = _("The first quote is in {language}, which Newsdesk reads less surely.", language=language)
        answer = replace(answer, doubt=answer.doubt or translated(MAY_NOT_ANSWER), lead=None)
    else:
        told = _(
            "The nearest article is in {language}, which Newsdesk reads less surely: these quotes may answer.",
            language=language,
        )
    notice = f"{answer.provenance.notice} {told}".strip()
    return replace(answer, provenance=replace(answer.provenance, notice=notice))
