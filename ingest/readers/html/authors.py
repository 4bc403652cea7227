"""Who wrote a page's article: what it declares and the byline that its readers see, names alone."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import Any

from ingest.metadata.people import LABEL, people_in
from ingest.readers.html.json_ld import JsonLd, names_in
from ingest.readers.html.layout import Layout, Meta, prose_of, text_of

_SIGNED = re.compile(r"[^\W\d_a-z][\w'\u2019-]+(?: [^\W\d_a-z][\w.'\u2019-]*){1,2}")
_MAX_AUTHORS = 20
_MAX_BYLINE_LINES = 30
_MAX_BYLINE = 100
_MAX_DECLARED = 500
_MAX_MARKED = 50
_BYLINE_CLASS = re.compile(r"(?:^|[_-])(?:author|byline)s?(?:[_-]+(?:names?|links?))?$")


def authors_of(layout: Layout, meta: Meta, json_ld: JsonLd, *, outlet: str) -> tuple[str, ...]:
    """Return the names of the article's authors in order.

    The outlet's own name is none of them, unless the page shows it where the author stands.
    """
    marked, byline = _marked_up(layout)
    declared = names_in(json_ld.get("author"))
    for texts in (marked, declared, _declared_in(meta), byline, _byline(layout), _signature(layout)):
        names = [name for text in texts for name in names_of(text) if not _is_same(name, outlet)]
        if names:
            return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]
    return tuple(dict.fromkeys(name for text in marked or byline for name in names_of(text)))[:_MAX_AUTHORS]


def names_of(byline: str) -> list[str]:
    """Return the names in a byline ("By Ana Ruiz and Tom Hale, PhD"), with addresses, titles and labels left out."""
    return people_in(byline[:_MAX_DECLARED])


def names_an_author(element: Any) -> bool:
    """Whether an element marks itself, or names itself by its class, as that of an author."""
    return isinstance(element.tag, str) and (_is_author(element) or _is_byline(element))


def _is_same(name: str, outlet: str) -> bool:
    one, other = ("".join(re.findall(r"\w", text.casefold().removeprefix("the "))) for text in (name, outlet))
    return one == other


def _declared_in(meta: Meta) -> list[str]:
    from trafilatura.metadata import METANAME_AUTHOR

    return next((texts for name, texts in meta.items() if name in METANAME_AUTHOR and any(map(names_of, texts))), [])


def _marked_up(layout: Layout) -> tuple[list[str], list[str]]:
    """Return the texts of the first elements marked as the article's author, and of the first with a byline's class."""
    marked: list[Any] = []
    classed: list[Any] = []
    for element in layout.tree.iter("a", "span", "div", "p", "address"):
        kind = marked if _is_author(element) else classed if _is_byline(element) else None
        if (
            kind is not None
            and len(kind) < _MAX_MARKED
            and not layout.is_beside(element)
            and names_of(_name_in(element))
        ):
            kind.append(element)
    return _first_together(marked), _first_together(classed)


def _first_together(elements: list[Any]) -> list[str]:
    """Return the text of the first element, and where it is a link, those of the links beside it."""
    beside = [element for element in elements if element.tag == "a" and element.getparent() is elements[0].getparent()]
    return [_name_in(element) for element in (beside or elements[:1])]


def _name_in(element: Any) -> str:
    """Return the text of an author's element; of one with links, the text of these."""
    text = text_of(element)
    if len(text) > _MAX_BYLINE:
        return ""
    links = [text_of(link) for link in element.iter("a")]
    return ", ".join(dict.fromkeys(filter(None, links))) or text


def _is_author(element: Any) -> bool:
    """Whether `rel`, microdata or the hCard class mark the element as the author's."""
    names = set((element.get("class") or "").lower().split())
    return (
        "author" in (element.get("rel") or "").split()
        or "author" in (element.get("itemprop") or "").split()
        or ("author" in names and "vcard" in names)
    )


def _is_byline(element: Any) -> bool:
    names = (element.get("class") or "").lower().split()
    return any(_BYLINE_CLASS.search(name) for name in names)


def _signature(layout: Layout) -> list[str]:
    """Return the last paragraph where it is nothing but a name that is set off, as German papers sign."""
    prose = prose_of(layout.tree)
    paragraphs = [element for element in prose.iterchildren("p") if text_of(element)] if prose is not None else []
    if not paragraphs:
        return []
    line = text_of(paragraphs[-1])
    set_off = "".join(text_of(element) for element in paragraphs[-1].iterchildren("b", "strong", "i", "em"))
    return [line] if set_off == line and _SIGNED.fullmatch(line) else []


def _byline(layout: Layout) -> list[str]:
    """Return the line below the headline that says by whom the article is, or the one that follows such a label."""
    lines = [line.strip(" |") for line in islice(layout.lines_below_headline(), _MAX_BYLINE_LINES)]
    for line, next_line in pairwise([*lines, ""]):
        if label := LABEL.match(line):
            names = line[label.end() :] or next_line
            if len(names) <= _MAX_BYLINE and names_of(names):
                return [names]
    return []
