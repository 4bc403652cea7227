"""Makes a page ready for the extraction of its text: hidden parts out, links to other articles out, parts together."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from ingest.readers.html.layout import INLINE, Layout, drop, words_of
from ingest.readers.html.other_stories import without_other_stories
from ingest.readers.html.streamed import put_streamed_into_place, with_ends_marked
from ingest.readers.html.style_sheets import hidden_by_style_sheet
from ingest.text.inline_html import is_hidden, make_tables
from ingest.text.unicode import join_texts, make_writable, replace_characters, stand_ins_for_unseen

_KEPT_WHEN_HIDDEN = frozenset(["html", "body", "head", "article", "main"])
"""Pages hide these until their scripts have run."""

_HEARD = frozenset(
    ["element-invisible", "screen-reader-only", "screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"]
)
"""What Bootstrap, Drupal, Tailwind and WordPress call such an element."""

_MIN_LINK_WORDS = 4
_MIN_PARAGRAPHS = 2
_MIN_WORDS = 80
_MAX_PARTS = 12
_MIN_REPEATED = 60
_MAX_COMPARED = 5_000
"""Elements; the largest pages of news have half."""

_ENDS_AS_WORD = re.compile(r"\w{2}$")
_BEGINS_AS_FIGURE = re.compile(r"\d{2}")
_TABLE_RULE = re.compile(r"\|(?:-{3,}\|)+")
_TABLE_ROW = re.compile(r"^\| (?P<cells>.*?) \|\s*$")


def visible_tree(page: str) -> Any | None:
    """Parse the page and take out what it hides from its readers; None where it is no page."""
    import trafilatura
    from lxml import etree

    tree = trafilatura.load_html(with_ends_marked(page))
    if tree is None:
        return None
    make_writable(tree)
    put_streamed_into_place(tree)
    for element in tree.iter("noscript"):
        if words_of(element) >= _MIN_WORDS:
            element.tag = "div"  # the article itself, for readers without scripts
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    for element in hidden_by_style_sheet(tree):
        if element.tag not in _KEPT_WHEN_HIDDEN:
            drop(element)
    for element in [element for element in tree.iter() if isinstance(element.tag, str) and is_hidden(element)]:
        if element.tag not in _KEPT_WHEN_HIDDEN:
            drop(element)
    return _under_html(tree)


def _under_html(tree: Any) -> Any:
    """The tree with `html` as its root: what cleans a page drops elements, and a root cannot be dropped."""
    from lxml import html

    if tree.tag == "html":
        return tree
    root, body = html.Element("html"), html.Element("body")
    root.append(body)
    body.append(tree)
    return root


def article_text(layout: Layout, *, title: str = "", url: str = "") -> tuple[str, bool]:
    """Return the article's text as trafilatura finds it, and whether a whole other story was taken out of the page.

    Changes the tree. Paragraphs that stand twice come once. `title` and `url` are the article's where they are known.
    """
    held_other_story = without_other_stories(layout, title=title, url=url)
    _drop_what_is_only_heard(layout)
    _drop_lone_links(layout.tree)
    _put_parts_together(layout)
    # trafilatura glues the cells of what is a table by its roles alone.
    make_tables(layout.tree)
    _part_figures(layout.tree)
    _part_lists_in_cells(layout.tree)
    headline = "".join(layout.headline.itertext()) if layout.headline is not None else ""
    text = _without_repeats(_extracted(layout.tree))
    return (text if _is_same(headline, title) else _without_headline(text, headline)), held_other_story


def _extracted(tree: Any) -> str:
    """Return what trafilatura finds, with the characters that carry spelling: it drops those that cannot be seen."""
    import trafilatura
    from lxml import etree

    is_vast = next(islice(tree.iter(), _MAX_COMPARED, None), None) is not None
    if is_vast:
        # It compares each mark of emphasis with all others, and in its second and third opinion each short paragraph.
        etree.strip_tags(tree, *(INLINE - {"a"}))
        join_texts(tree)
    stand_ins = stand_ins_for_unseen("".join(tree.itertext()))
    replace_characters(tree, stand_ins)
    document = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False, fast=is_vast)
    return (getattr(document, "text", None) or "").translate({new: old for old, new in stand_ins.items()})


def _drop_what_is_only_heard(layout: Layout) -> None:
    """Drop what the usual classes show to screen readers alone: labels of buttons and the like."""
    for element in list(layout.tree.iter("p", "div", "span", "section", "li")):
        is_heard = not _HEARD.isdisjoint((element.get("class") or "").lower().split())
        if is_heard and not layout.is_around(element):
            drop(element)


def _drop_lone_links(tree: Any) -> None:
    """Drop the paragraphs that are nothing but one link: these are titles of other articles.

    On the development half of the article extraction benchmark this gains .006 of precision and costs .001 of recall.
    """
    for paragraph in list(tree.iter("p")):
        words = paragraph.text_content().split()
        links = list(paragraph.iter("a"))
        if len(words) >= _MIN_LINK_WORDS and len(links) == 1 and links[0].text_content().split() == words:
            paragraph.drop_tree()


def _put_parts_together(layout: Layout) -> None:
    """Move the parts of a text into its first part, where a page cuts it up, for advertisements say.

    Parts have the same tag and classes, paragraphs of their own, and one article around them, but nothing by which an
    article begins. On the same data this gains .006 of recall and costs .001 of precision.
    """
    groups: dict[tuple[str, str], list[Any]] = {}
    for element in layout.tree.iter("div", "section"):
        paragraphs = list(element.iterchildren("p"))
        words = sum(len(paragraph.text_content().split()) for paragraph in paragraphs)
        if len(paragraphs) >= _MIN_PARAGRAPHS and words >= _MIN_WORDS and element.get("class"):
            groups.setdefault((element.tag, element.get("class")), []).append(element)
    for parts in groups.values():
        if 2 <= len(parts) <= _MAX_PARTS and _are_of_one_article(parts, layout):
            for part in parts[1:]:
                for child in list(part):
                    parts[0].append(child)


def _are_of_one_article(parts: list[Any], layout: Layout) -> bool:
    around = [next(part.iterancestors("article", "main"), None) for part in parts]
    return (
        around[0] is not None
        and all(article is around[0] for article in around)
        and not any(layout.is_beside(part) or _begins_an_article(part) for part in parts)
        and not any(parts[0] in part.iterancestors() for part in parts[1:])
    )


def _begins_an_article(part: Any) -> bool:
    """Whether a part has what each article of a list has: a headline, a date, or a heading that is a link."""
    return next(part.iter("h1", "time", "article"), None) is not None or any(
        next(heading.iter("a"), None) is not None for heading in part.iter("h2", "h3")
    )


def _part_figures(tree: Any) -> None:
    """Part a figure from the element before it, where only a style sheet does: "Boats" and "11" of a box of figures."""
    for element in tree.iter("span"):
        before = element.getprevious()
        if before is None or before.tag != "span" or before.tail or not element.get("class"):
            continue
        if _ENDS_AS_WORD.search(before.text_content()) and _BEGINS_AS_FIGURE.match(element.text_content()):
            before.tail = " "


def _part_lists_in_cells(tree: Any) -> None:
    """Write the items of lists in the cells of tables beside each other: trafilatura leaves such lists out."""
    from lxml import etree

    cells = 0
    for event, element in etree.iterwalk(tree, events=("start", "end"), tag=("td", "th", "li", "ul", "ol")):
        if element.tag in ("td", "th"):
            cells += 1 if event == "start" else -1
        elif cells and event == "end":
            element.tail = f" {element.tail or ''}"
            element.tag = "span"


def _without_headline(text: str, headline: str) -> str:
    """Leave out a first line that is the headline with its kicker and all, however they are parted."""
    first, _, rest = text.partition("\n")
    return rest if _is_same(first, headline) else text


def _is_same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _without_repeats(text: str) -> str:
    """Leave out a long line that stood before, and the marks around the rows of tables."""
    seen: set[str] = set()
    kept = []
    for line in (_TABLE_ROW.sub(r"\g<cells>", line) for line in text.split("\n")):
        if _TABLE_RULE.fullmatch(line):
            continue
        if len(line) <= _MIN_REPEATED or line not in seen:
            kept.append(line)
        seen.add(line)
    return "\n".join(kept)
