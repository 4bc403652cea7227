"""Small pages, and what is read of them."""

from __future__ import annotations

from typing import Any

from ingest.readers.html.main_text import visible_tree
from ingest.readers.html.metadata import PageMetadata, page_metadata

PROSE = "<p>The council met on Monday and chose a new chair after eleven hours of talks in the old town hall.</p>" * 3


def of(body: str, *, head: str = "", url: str = "https://harbour.example/news/chair") -> PageMetadata:
    tree: Any = visible_tree(f"<html><head>{head}</head><body>{body}{PROSE}</body></html>")
    return page_metadata(tree, url=url)[0]


def linked(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'
