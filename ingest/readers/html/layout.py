"""What the readers of a page's metadata ask of its elements."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ingest.metadata.people import LABEL

Meta = dict[str, list[str]]

_UNREAD = frozenset(["script", "style", "noscript", "template", "svg", "head", "option", "button", "iframe"])
INLINE = frozenset(["a", "abbr", "b", "cite", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"])
_ASIDE_TAGS = frozenset(["nav", "aside", "footer"])
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|sidebar|recommend\w*|trending|popular)(?:$|[\s_-])", re.IGNORECASE
)

_CAPTION_TAGS = frozenset(["figure", "figcaption"])
_CAPTION_NAMES = re.compile(r"(?:^|[\s_-])(?:caption|photo-?credit|image-?credit|player)", re.IGNORECASE)
_PICTURES = ("img", "picture", "video", "iframe", "amp-img")
_MAX_ABOVE_CAPTION = 3
_MAX_CAPTION_WORDS = 60
_META_NAMES = re.compile(r"date|time|publish|byline|author|meta|posted", re.IGNORECASE)
_TEASER_TAGS = frozenset(["article", "li", "section", "div", "p"])
_TITLE_WORDS = 5
_MAX_TEASER = 600
_MAX_TEASER_ELEMENTS = 60
_MAX_ANCESTORS = 40
_MAX_NAMES = 400
_MAX_CONTENTS = 50


def meta_elements(tree: Any) -> Meta:
    """Return the contents of the meta elements in order, by their name, property or itemprop in lower case."""
    found: Meta = {}
    for element in tree.iter("meta"):
        content = html.unescape((element.get("content") or "").strip())
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            contents = found.setdefault(name, []) if name and content else []
            if content not in contents and len(contents) < _MAX_CONTENTS:
                contents.append(content)
    return found


def first_of(meta: Meta, *names: str) -> str:
    """Return the first content of the first of these elements that is there, or an empty string."""
    return next((meta[name][0] for name in names if name in meta), "")


def text_of(element: Any, *, most: int | None = None) -> str:
    """Return what an element shows, on one line; with `most`, at least so many characters of its beginning."""
    texts: list[str] = []
    length = 0
    for owner, piece in pieces_of(element):
        texts.append(piece if owner.tag in INLINE else f" {piece} ")
        length += len(" ".join(piece.split()))
        if most is not None and length >= most:
            break
    return " ".join("".join(texts).split())


def pieces_of(tree: Any) -> Iterator[tuple[Any, str]]:
    """Yield the pieces of text in document order, each with the element that it stands in; for trees of any depth.

    What comes behind the last piece that is asked for is not looked at.
    """
    waiting: list[tuple[Any, Iterator[Any]]] = []
    following: Any = tree
    while True:
        if following is not None:
            if isinstance(following.tag, str) and following.tag not in _UNREAD:
                if following.text:
                    yield following, following.text
                waiting.append((following, iter(following)))
                following = next(waiting[-1][1], None)
                continue
            ended = following
        else:
            ended = waiting.pop()[0]
        if ended is tree:
            return
        if ended.tail and ended.getparent() is not None:
            yield ended.getparent(), ended.tail
        following = next(waiting[-1][1], None)


class Layout:
    """Tells the article's part of a page from the menus, sidebars and comments beside it.

    These are known by their tags and by the names that pages give them; but what holds the headline, or most of the
    paragraphs, is part of the article, whatever its name. `headline` is None where it is not known.
    """

    def __init__(self, tree: Any, headline: Any | None) -> None:
        self.tree = tree
        self.headline = headline
        anchors = [anchor for anchor in (headline, prose_of(tree)) if anchor is not None]
        self._teasers: dict[Any, bool] = {}
        self._around = frozenset(part for anchor in anchors for part in (anchor, *anchor.iterancestors()))

    def is_beside(self, element: Any) -> bool:
        """Whether an element stands in a part of the page that is not the article."""
        for part in (element, *islice(element.iterancestors(), _MAX_ANCESTORS)):
            if part in self._around:
                return False
            names = f"{part.get('class', '')} {part.get('id', '')}"
            if part.tag in _ASIDE_TAGS:
                return True
            if len(names) < _MAX_NAMES and _ASIDE_NAMES.search(names):
                return True
        return False

    def is_aside(self, element: Any) -> bool:
        """Whether an element is a menu or a sidebar by its tag, and does not hold the article."""
        return element.tag in ("nav", "aside") and element not in self._around

    def is_around(self, element: Any) -> bool:
        """Whether an element holds the headline, or most of the paragraphs."""
        return element in self._around

    def is_foreign(self, element: Any) -> bool:
        """Whether an element stands in a caption, or in the teaser of another article: its dates are not the article's.

        A teaser is an `article` of its own, or a short part with a link as long as a title.
        """
        for part in (element, *islice(element.iterancestors(), _MAX_ANCESTORS)):
            if part in self._around:
                return False
            if part.tag in _CAPTION_TAGS or _CAPTION_NAMES.search(part.get("class") or "") or self._is_teaser(part):
                return True
        return False

    def _is_teaser(self, part: Any) -> bool:
        if part not in self._teasers:
            self._teasers[part] = part.tag == "article" or (
                part.tag in _TEASER_TAGS and not _is_byline(part) and _is_short_with_title(part)
            )
        return self._teasers[part]

    def is_below_picture(self, element: Any) -> bool:
        """Whether an element stands with a picture in a small part that no name says to be the article's byline."""
        for part in (element, *islice(element.iterancestors(), _MAX_ABOVE_CAPTION)):
            names = f"{part.get('class', '')} {part.get('id', '')}"
            if part in self._around or part.tag == "time" or _META_NAMES.search(names[:_MAX_NAMES]):
                return False
            if len(part.text_content().split()) > _MAX_CAPTION_WORDS:
                return False
            if next(part.iter(*_PICTURES), None) is not None:
                return True
        return False

    def lines_below_headline(self) -> Iterator[str]:
        """Yield the pieces of the article's part that come after the headline, in order; none without a headline."""
        return (line for _, line in self.pieces_below_headline())

    def pieces_below_headline(self) -> Iterator[tuple[Any, str]]:
        """Yield the same, each with the element that it stands in."""
        if self.headline is None:
            return
        is_below = False
        inside = frozenset(self.headline.iter())
        for owner, piece in pieces_of(self.tree):
            if owner in inside:
                is_below = True
            elif (
                is_below and (line := " ".join(piece.split())) and not (self.is_beside(owner) or self.is_foreign(owner))
            ):
                yield owner, line


def _is_byline(part: Any) -> bool:
    """Whether a paragraph names itself after bylines and dates, or begins as one: its link may be long with names."""
    if part.tag != "p":
        return False
    return (
        _META_NAMES.search((part.get("class") or "")[:_MAX_NAMES]) is not None or LABEL.match(text_of(part)) is not None
    )


def _is_short_with_title(part: Any) -> bool:
    """Whether a part holds little but a link as long as a title; a part of many elements is not looked through."""
    characters, has_title = 0, False
    for number, element in enumerate(part.iter()):
        characters += len(element.text or "") + len(element.tail or "")
        if number == _MAX_TEASER_ELEMENTS or characters > _MAX_TEASER:
            return False
        has_title = has_title or (element.tag == "a" and len(text_of(element).split()) >= _TITLE_WORDS)
    return has_title


def drop(element: Any) -> None:
    """Take an element out of its tree, and leave the text behind it; one that was taken out stays out."""
    if element.getparent() is not None:
        element.drop_tree()


def words_of(element: Any) -> int:
    """Return how many words the paragraphs in an element hold."""
    return sum(len(paragraph.text_content().split()) for paragraph in element.iter("p"))


def prose_of(tree: Any) -> Any | None:
    """Return the element whose own paragraphs hold the most text, None where there is no paragraph."""
    lengths: dict[Any, int] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if parent is not None:
            lengths[parent] = lengths.get(parent, 0) + len(paragraph.text_content())
    return max(lengths, key=lambda parent: lengths[parent], default=None)
