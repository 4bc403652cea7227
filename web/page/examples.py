"""Questions to start with, taken from what the library holds and checked to have an answer in it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from rag.errors import NewsdeskError
from rag.text.formatting import clipped
from rag.text.links import web_host
from rag.text.names import is_name
from rag.text.tokens import fold, tokens

if TYPE_CHECKING:
    from rag.desk import Desk
    from rag.types import ArticleRef

Sample = Literal["none", "some", "all"]

# A question for an article of the sample library: shown where that article is there, whatever else is.
SAMPLE_QUESTIONS = {
    "https://pacific-ledger.example/2024/06/21/why-beijing-is-uneasy": "Why does China object?",
    "https://northgate-wire.example/2024/06/19/putin-kim-sign-treaty-pyongyang": "What did Putin and Kim sign?",
    "https://civic-lantern.example/2024/07/26/starliner-thrusters-white-sands": (
        "What went wrong with Starliner's thrusters?"
    ),
    "https://meridian-courier.example/2024/06/26/kenya-finance-bill-withdrawn": "Why did Ruto drop the finance bill?",
}
ALWAYS = "What's new?"
"""What any library with a dated article can be asked."""

_SHOWN = 4
_LOOKED_AT = 200
_TRIED = 8
_TITLE_SHOWN = 90
_RESERVED = ".example"
"""No site can have such a name (RFC 2606), so the invented outlets of the sample have."""


def example_questions(desk: Desk) -> tuple[str, ...]:
    """Up to four questions that the library should be able to answer; none for an empty library.

    Those of a library of one's own are tried in the background: until that is done, there are those of the revision
    before.
    """
    refs = desk.articles(limit=_LOOKED_AT)
    held = {ref.url for ref in refs}
    known = [question for url, question in SAMPLE_QUESTIONS.items() if url in held]
    own = [ref for ref in refs if not is_sample(ref)]
    if not own:
        return tuple(known[:_SHOWN])
    return tuple([*_of_desks.setdefault(desk, _Starters()).questions(desk, own), *known][:_SHOWN])


def is_sample(ref: ArticleRef) -> bool:
    """Whether the article is one of the sample, whose outlets are invented."""
    return web_host(ref.url).endswith(_RESERVED)


def sample_among(refs: Sequence[ArticleRef]) -> Sample:
    """How many of these articles are of the sample."""
    flags = {is_sample(ref) for ref in refs}
    return "none" if True not in flags else "some" if False in flags else "all"


def candidates(refs: Sequence[ArticleRef]) -> Iterator[str]:
    """Questions on what the titles of the newest articles name, the most often named first, then on a title itself."""
    titles = [ref.title for ref in refs if ref.title.strip()]
    named = Counter(name for title in dict.fromkeys(titles) for name in dict.fromkeys(_names(title)))
    for name, _ in named.most_common(_TRIED):
        yield f"What is the latest on {name}?"
    for title in dict.fromkeys(clipped(title, _TITLE_SHOWN) for title in titles[:_SHOWN]):
        yield f"What is known about “{title}”?"


def _names(title: str) -> Iterator[str]:
    """The names in a title; none where every word of it is written like one."""
    words = [token for token in tokens(fold(title)) if token.is_word]
    if not words or 2 * sum(token.is_capital for token in words) > len(words) + 2:
        return
    for is_part, run in groupby(words, key=is_name):
        name = " ".join(token.text for token in run)
        if is_part and len(name) > 2:
            yield name


class _Starters:
    """The questions of one desk's library, tried by one thread at a time; of the revisions that come while it tries,
    the newest is tried next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1
        self._untried: Sequence[ArticleRef] | None = None
        self._is_trying = False
        self._questions: tuple[str, ...] = (ALWAYS,)

    def questions(self, desk: Desk, refs: Sequence[ArticleRef]) -> tuple[str, ...]:
        """Those that are known to have an answer; `refs` are the newest articles, from which others are made."""
        revision = desk.status().revision
        with self._lock:
            if revision != self._revision:
                self._revision, self._untried = revision, refs
                if not self._is_trying:
                    self._is_trying = True
                    threading.Thread(target=self._try, args=(desk,), name="newsdesk-starters", daemon=True).start()
            return self._questions

    def _try(self, desk: Desk) -> None:
        try:
            while (refs := self._next()) is not None:
                # Where the library cannot be read, which the page reports, the next revision is tried anew.
                with suppress(NewsdeskError):
                    found = _answered(_in_quotes(desk), (ALWAYS, *candidates(refs)))
                    with self._lock:
                        self._questions = found
        except BaseException:
            with self._lock:
                self._is_trying = False
            raise

    def _next(self) -> Sequence[ArticleRef] | None:
        """The articles that are to be tried; None, and the thread ends, where there are none."""
        with self._lock:
            refs, self._untried = self._untried, None
            self._is_trying = refs is not None
            return refs


def _answered(desk: Desk, questions: Iterable[str]) -> tuple[str, ...]:
    """The first few of the questions that have an answer."""
    found = (question for question in questions if desk.ask(question).outcome in ("answered", "partly"))
    return tuple(islice(found, _SHOWN))


def _in_quotes(desk: Desk) -> Desk:
    """A desk over the same library that asks no language model and keeps no answers; it needs no closing."""
    if desk.settings.model == "quotes" and not desk.settings.keep_answers:
        return desk
    from rag.desk import Desk

    made = Desk(desk.library)
    made.settings = desk.settings.model_copy(update={"model": "quotes", "keep_answers": False})
    return made


_of_desks: WeakKeyDictionary[Desk, _Starters] = WeakKeyDictionary()
