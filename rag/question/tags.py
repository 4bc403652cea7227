"""Tags as a reader writes them: any case, any spacing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from rag.errors import UsageError
from rag.text.unseen_characters import visible

LONGEST_TAG = 60

_LISTED = 10
# What separates tags in a line of them.
_SEPARATORS = re.compile(r"[,;\n]")


def tags_of(given: Iterable[str]) -> tuple[str, ...]:
    """The tags that a reader writes, several in one text with commas between them, each once and in small letters.

    Raises `UsageError` for one that is too long.
    """
    found = (_folded(visible(part)) for text in given for part in _SEPARATORS.split(text))
    tags = tuple(dict.fromkeys(filter(None, found)))
    for tag in tags:
        if len(tag) > LONGEST_TAG:
            raise UsageError(f"the tag {tag[:40]!r} and what follows has {len(tag)} characters; {LONGEST_TAG} are most")
    return tags


def known_tags(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The tags of `known` that `names` mean; raises `UsageError` for one that no article has, with the nearest."""
    tags = tags_of(names)
    for tag in tags:
        if tag not in known:
            raise UsageError(f"no article has the tag {tag!r}; {_advice(tag, known)}")
    return tags


def _advice(tag: str, known: Sequence[str]) -> str:
    if not known:
        return f"give it to some with `newsdesk tag ARTICLE_ID --add {tag!r}`, or leave tags out"
    near = difflib.get_close_matches(tag, known, n=3)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    more = f" and {len(known) - _LISTED} more that `newsdesk tags` lists" if len(known) > _LISTED else ""
    return f"the tags here are {', '.join(known[:_LISTED])}{more}"


def _folded(tag: str) -> str:
    return " ".join(tag.lower().split())
