"""Parts of a page that its server sends hidden and its script puts into place: React's `S:` and `B:` pairs, templates.

Nothing is run: a script's call names the hidden part and the empty template whose place it takes.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.readers.html.layout import drop

_CALL = re.compile(r"""\$\w{1,20}\(\s*["']([^"']{1,60})["']\s*,\s*["']([^"']{1,60})["']""")
_NAMED = re.compile(r"""["'`]#?([\w:.-]{1,60})["'`]""")
_REACT_PARTS = re.compile(r"S:(?P<number>[\w-]{1,30})")
_SHADOW = ("shadowrootmode", "shadowroot")
_END = "data-streamed-end"
_MAX_PARTS = 500


def with_ends_marked(page: str) -> str:
    """Write React's comments that end a part as elements: parsing drops comments."""
    return page.replace("<!--/$-->", f"<template {_END}></template>")


def put_streamed_into_place(tree: Any) -> None:
    """Move what was streamed to where it is shown, in place of what was shown meanwhile; changes the tree."""
    for template in list(tree.iter("template")):
        if any(template.get(name) is not None for name in _SHADOW):
            template.tag = "div"
    by_id = {
        element.get("id"): element for element in tree.iter() if element.get("id") and isinstance(element.tag, str)
    }
    for part_id, place_id in _pairs(tree, by_id)[:_MAX_PARTS]:
        part, place = by_id.get(part_id), by_id.get(place_id)
        if part is None or place is None or place.tag != "template" or part in place.iter() or place in part.iter():
            continue
        _drop_fallback(place)
        for attribute in ("hidden", "style"):
            part.attrib.pop(attribute, None)
        part.tag = "div"
        tail, part.tail = part.tail, None
        _keep_tail(part, tail)
        place.addprevious(part)
        place.drop_tree()
    _drop_unused_templates(tree)


def _drop_unused_templates(tree: Any) -> None:
    """Drop the templates that no script names: a browser shows nothing of them."""
    named = {name for script in tree.iter("script") for name in _NAMED.findall(script.text or "")}
    for template in list(tree.iter("template")):
        if template.get("id") not in named and template.get(_END) is None:
            drop(template)


def _pairs(tree: Any, by_id: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the ids of the hidden parts, each with that of the template whose place it takes."""
    found: dict[str, str] = {}
    for script in tree.iter("script"):
        for one, other in _CALL.findall(script.text or ""):
            part, place = (one, other) if _is_part(by_id.get(one)) else (other, one)
            if _is_part(by_id.get(part)):
                found.setdefault(part, place)
    for name in by_id:
        if react := _REACT_PARTS.fullmatch(name):
            places = (f"{letter}:{react['number']}" for letter in "BP")
            found.setdefault(name, next((place for place in places if place in by_id), ""))
    return list(found.items())


def _is_part(element: Any | None) -> bool:
    """Whether an element is sent hidden and holds something."""
    if element is None or len(element) == 0:
        return False
    return element.tag == "template" or element.get("hidden") is not None or "display" in element.get("style", "")


def _drop_fallback(place: Any) -> None:
    """Drop what stands between a place and the mark that ends it: it was shown while the part was on its way."""
    fallback: list[Any] = []
    for behind in place.itersiblings():
        if behind.get(_END) is not None:
            for element in fallback:
                element.drop_tree()
            return
        fallback.append(behind)


def _keep_tail(element: Any, tail: str | None) -> None:
    """Leave the text behind an element where it stands when the element is moved."""
    if not tail:
        return
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + tail
    elif parent is not None:
        parent.text = (parent.text or "") + tail
