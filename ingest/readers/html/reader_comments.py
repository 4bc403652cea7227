"""Takes readers' comments out of a page: what a reader writes is never its outlet's word."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from ingest.readers.html.layout import Layout, drop, text_of, words_of

_COMMENT_TYPE = re.compile(r"schema\.org/(?:User)?Comments?$")
_COMMENT_NAMES = re.compile(
    r"(?:^|[\s_-])(?:user|reader|leser)?[_-]?(?:comments?(?:list|section|area|thread)?|kommentare?|leserkommentare?"
    r"|commentaires?|comentarios?|commenti|reacties|disqus\w*|respond|replies)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAMING = ("class", "id", "data-testid", "data-component", "data-module", "data-widget", "aria-label")
_COMMENT_HEADING = re.compile(
    r"(?:(?:\d[\d.,]*|reader|readers'|your|leave a|post a|join the|top|all|latest)\s+)*"
    r"(?:comments?|responses?|replies|conversation|discussion|kommentare?|commentaires?|comentarios?|commenti"
    r"|comentários|reacties|kommentarer|kommentit|komentarze|komentáře|yorumlar|комментарии|коментарі|コメント|评论|댓글)"
    r"(?:\s*\(?\d[\d.,]*\)?)?(?:\s+(?:on|to)\s.*)?[:.]?"
    r"|what (?:our )?readers (?:say|think|are saying)|readers? (?:reactions?|feedback|letters)|have your say",
    re.IGNORECASE,
)
_WRITER_NAMES = re.compile(
    r"(?:^|[\s_-])(?:user(?:name)?|commenter|avatar|nickname|member|profile)(?:$|[\s_-])", re.IGNORECASE
)
_MAX_NAMES = 400
_MAX_ELEMENTS = 60


def drop_comments(layout: Layout, own: frozenset[Any]) -> None:
    """Drop what readers wrote below the article; `own` is what holds its headline. Changes the tree."""
    whole = words_of(layout.tree)
    for element in list(layout.tree.iter("div", "section", "ol", "ul", "aside", "article", "li")):
        if is_comment(element) and element not in own and not _holds_the_article(element, layout, whole):
            drop(element)
    for heading in list(layout.tree.iter("h2", "h3", "h4")):
        if heading in own or not _COMMENT_HEADING.fullmatch(text_of(heading)):
            continue
        behind = list(heading.itersiblings())
        if not any(element in own for element in behind):
            for element in (*behind, heading):
                drop(element)


def is_comment(element: Any) -> bool:
    """Whether an element names or marks itself as what readers wrote."""
    names = " ".join(element.get(name, "") for name in _NAMING)
    return (
        _COMMENT_TYPE.search(element.get("itemtype") or "") is not None
        or element.get("itemprop") == "comment"
        or (len(names) < _MAX_NAMES and _COMMENT_NAMES.search(names) is not None)
        or (element.tag == "li" and _is_signed_by_a_reader(element))
    )


def _is_signed_by_a_reader(item: Any) -> bool:
    """Whether an item of a list has a time and the name of a user of the page, beside what it says."""
    has_time = has_user = False
    for element in islice(item.iterdescendants(), _MAX_ELEMENTS):
        has_time = has_time or element.tag == "time"
        has_user = has_user or _WRITER_NAMES.search(element.get("class") or "") is not None
    return has_time and has_user


def _holds_the_article(element: Any, layout: Layout, whole: int) -> bool:
    """Whether an element that names itself after comments holds the article all the same; some pages name all so."""
    return layout.is_around(element) and words_of(element) * 2 > whole
