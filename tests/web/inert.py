"""Reads HTML as a browser would and holds it against what the page may contain."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

TAGS = {
    *("circle", "dd", "dl", "dt", "line", "meter", "polyline", "rect", "svg", "text", "title"),
    *("table", "tbody", "td", "th", "thead", "tr"),
    *("article", "aside", "bdi", "blockquote", "button", "code", "details", "div", "figcaption", "figure", "footer"),
    *("a", "h1", "h2", "h3", "header", "li", "mark", "ol", "p", "q", "section", "span", "strong", "summary", "time"),
    *("form", "h4", "input", "label", "option", "select", "textarea", "ul"),
}
ATTRIBUTES = {
    *("aria-busy", "aria-hidden", "aria-label", "aria-labelledby", "class", "datetime", "dir", "href", "id", "lang"),
    *("data-ask", "data-close", "data-export", "data-open", "data-reference", "data-summarise", "data-turn", "rel"),
    *("data-again", "data-copy", "data-edit", "data-markdown", "data-rate", "data-reason", "data-verdict"),
    *("aria-pressed", "data-after", "data-before", "data-first", "data-go", "data-correct", "data-undo"),
    *("data-article", "data-card", "data-place", "data-quote", "hidden", "maxlength", "name", "open"),
    *("aria-disabled", "data-clear-story", "data-page", "data-remove", "data-story", "max", "min", "scope", "value"),
    *("cx", "cy", "height", "points", "r", "text-anchor", "viewbox", "width", "x", "x1", "x2", "y", "y1", "y2"),
    *(
        "data-forget",
        "data-leave",
        "data-look",
        "data-looked",
        "data-revision",
        "data-shown",
        "data-story-of",
        "data-until",
    ),
    *("aria-expanded", "autocomplete", "placeholder", "required", "rows"),
    *(
        "data-anchor",
        "data-choices",
        "data-field",
        "data-own",
        "data-see",
        "data-send",
        "data-step",
        "data-sure-words",
        "data-told",
    ),
    *("data-value", "role", "tabindex", "target", "title", "type"),
}


class Page(HTMLParser):
    """The elements, the text of each kind of element, and all text; refuses anything that could act."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        """What is read on the page: without the line ends between elements, which only lay a template out."""
        self.characters = ""
        """The same with them."""
        self.marked: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(source)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"<{tag}> does not belong on the page"
        for name, value in attrs:
            assert name in ATTRIBUTES, f"{name}={value!r} does not belong on the page"
            self.attributes.append((tag, name, value or ""))
        links = dict(attrs)
        if tag == "a" and not re.fullmatch(r"(?:#story|api/v1/changes.atom\?topic)=[\w.~%-]+", links["href"] or ""):
            assert urlsplit(links["href"] or "").scheme in {"http", "https"}
            assert links["rel"] == "noopener noreferrer nofollow"
        self.open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.characters += data
        if "\n" in data and not data.strip(" \n"):
            return
        self.text += data
        if "mark" in self.open:
            self.marked[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"a processing instruction: {data!r}")

    @property
    def links_out(self) -> list[str]:
        """The addresses of links that lead out of the page, in order."""
        return [address for address in self.values("href") if not address.startswith("#")]

    def values(self, name: str) -> list[str]:
        """Every value of one attribute, in order."""
        return [value for _, given, value in self.attributes if given == name]
