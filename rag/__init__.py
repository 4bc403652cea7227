"""Newsdesk's core: ask the news a question, get an answer whose every sentence is tied to an exact quote.

    from rag import open_desk

Names are imported at first use: `newsdesk --help` must not wait for a database library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.desk import Desk, open_desk
    from rag.errors import NewsdeskError
    from rag.scope import Scope
    from rag.settings import Settings, load_settings
    from rag.types import Answer, Article, ArticleRef, Citation, Evidence, Question

__all__ = [
    "Answer",
    "Article",
    "ArticleRef",
    "Citation",
    "Desk",
    "Evidence",
    "NewsdeskError",
    "Question",
    "Scope",
    "Settings",
    "load_settings",
    "open_desk",
]

_HOMES = {
    "Desk": "rag.desk",
    "open_desk": "rag.desk",
    "NewsdeskError": "rag.errors",
    "Scope": "rag.scope",
    "Settings": "rag.settings",
    "load_settings": "rag.settings",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "rag.types")), name)
