"""Questions to start with, taken from what the library holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.text.formatting import clipped

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.types import ArticleRef

# A question for an article of the sample library: shown where that article is there, whatever else is.
SAMPLE_QUESTIONS = {
    "https://pacific-ledger.example/2024/06/21/why-beijing-is-uneasy": "Why does China object?",
    "https://northgate-wire.example/2024/06/19/putin-kim-sign-treaty-pyongyang": "What did Putin and Kim sign?",
    "https://civic-lantern.example/2024/07/26/starliner-thrusters-white-sands": (
        "What went wrong with Starliner's thrusters?"
    ),
    "https://meridian-courier.example/2024/06/26/kenya-finance-bill-withdrawn": "Why did Ruto drop the finance bill?",
}
_SHOWN = 4
_LOOKED_AT = 200
_TITLE_SHOWN = 90


def example_questions(desk: Desk) -> tuple[str, ...]:
    """Up to four questions that the library should be able to answer; none for an empty library."""
    refs = desk.articles(limit=_LOOKED_AT)
    held = {ref.url for ref in refs}
    known = [question for url, question in SAMPLE_QUESTIONS.items() if url in held]
    return tuple([*known, *_from_titles(refs)][:_SHOWN])


def _from_titles(refs: Sequence[ArticleRef]) -> list[str]:
    titles = dict.fromkeys(clipped(ref.title, _TITLE_SHOWN) for ref in refs if ref.title.strip())
    return [f"What is known about “{title}”?" for title in titles]
