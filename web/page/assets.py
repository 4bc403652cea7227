"""The page's own script, styles and icon, as they go into its head: files of this package, never anything of a reader.

With the templates, the only place where a tag is written.
"""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).with_name("static")
ICON = STATIC / "favicon.svg"


_SCRIPTS = ("script.js", "address.js", "conversations.js", "cards.js", "newsletter.js")
"""In the order in which they build on each other."""
_STYLES = ("style.css", "views.css", "conversations.css", "cards.css", "stories.css", "newsletter.css")


def script_element() -> str:
    """The script that the components' handlers call."""
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return f"<script>{''.join(parts)}</script>"


def style_element() -> str:
    """The styles: in the head as they are, since Gradio's `css_paths` would rewrite the rules in the browser, after the
    first paint, and lose some of them."""
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in _STYLES]
    return f"<style>{''.join(parts)}</style>"
