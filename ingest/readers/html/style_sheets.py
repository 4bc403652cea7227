"""What a page's own style sheets hide from its readers by a class or an id alone.

Only rules that hold on every screen, for one class or id, and that no other rule takes back are believed: scripts show
and hide what others name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
"""An unclosed one reaches to the end, so that none is looked for twice."""

_BRACE = re.compile(r"[{}]")
_SIMPLE = re.compile(r"[a-z]{0,12}(?P<name>[.#][\w-]{1,80})")
_NAME = re.compile(r"[.#][\w-]{1,80}")
_HIDES = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|(?:left|top)\s*:\s*-\d{4,}px)",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"(?<![\w-])(?:display|visibility)\s*:", re.IGNORECASE)
_MAX_CHARACTERS = 1_000_000
_MAX_RULE = 5000


def hidden_by_style_sheet(tree: Any) -> list[Any]:
    """Return the elements that the style sheets in a page hide; a class or id that would hide most of the words in its
    paragraphs is one that a script shows.
    """
    names = _hidden_names(tree)
    if not names:
        return []
    believed = _hiding_less_than_most(tree, names)
    return [
        element
        for element in tree.iter()
        if isinstance(element.tag, str) and not believed.isdisjoint(_names_of(element))
    ]


def _hiding_less_than_most(tree: Any, names: set[str]) -> set[str]:
    """Return the names whose elements hold together no more than half of the page's words."""
    words = _words_in_each(tree)
    within: dict[Any, frozenset[str]] = {}
    held = dict.fromkeys(names, 0)
    for element in tree.iter():
        outer = within.get(element.getparent(), frozenset())
        own = names.intersection(_names_of(element)) - outer if isinstance(element.tag, str) else set()
        within[element] = outer | own if own else outer
        for name in own:
            held[name] += words[element]
    return {name for name in names if held[name] <= words[tree] / 2}


def _words_in_each(tree: Any) -> dict[Any, int]:
    """Return how many words the paragraphs in each element hold."""
    elements = list(tree.iter())
    in_paragraph: dict[Any, bool] = {}
    for element in elements:
        in_paragraph[element] = element.tag == "p" or in_paragraph.get(element.getparent(), False)
    words = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        parent = element.getparent()
        words[element] += len((element.text or "").split()) if in_paragraph[element] else 0
        if parent in words:
            words[parent] += words[element]
            words[parent] += len((element.tail or "").split()) if in_paragraph[parent] else 0
    return words


def _names_of(element: Any) -> Iterator[str]:
    yield f"#{element.get('id')}"
    for name in (element.get("class") or "").split():
        yield f".{name}"


def _hidden_names(tree: Any) -> set[str]:
    hidden: set[str] = set()
    shown: set[str] = set()
    for selectors, declarations, is_bound in _rules(tree):
        hides = _HIDES.search(declarations) is not None
        if not hides and not _SHOWS.search(declarations):
            continue
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector.strip())
            if hides and simple and not is_bound:
                hidden.add(simple["name"])
            elif not hides:
                shown.update(_NAME.findall(selector))
    return hidden - shown


def _rules(tree: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield the selectors and declarations of each rule, and whether it holds on some screens alone."""
    for sheet in tree.iter("style"):
        if next(sheet.iterancestors("noscript"), None) is not None:
            continue  # It shows a page without scripts.
        text = _COMMENT.sub("", (sheet.text or "")[:_MAX_CHARACTERS])
        depth = begin = 0
        selectors = ""
        is_bound = bool(sheet.get("media")) and sheet.get("media").strip().lower() not in ("all", "screen")
        for brace in _BRACE.finditer(text):
            part = text[begin : brace.start()].rpartition(";")[2].strip() if brace.group() == "{" else ""
            if brace.group() == "{":
                selectors, depth = part, depth + 1
            else:
                if selectors and not selectors.startswith("@"):
                    yield selectors[:_MAX_RULE], text[begin : brace.start()][:_MAX_RULE], is_bound or depth > 1
                selectors, depth = "", max(0, depth - 1)
            begin = brace.end()
