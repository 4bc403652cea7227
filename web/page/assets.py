"""The page's own script, styles and icon, as they go into its head: files of this package, never anything of a reader.

With the templates, the only place where a tag is written.
"""

from __future__ import annotations

import json
from pathlib import Path

from rag.wording import direction, language, messages_for_script

STATIC = Path(__file__).with_name("static")
ICON = STATIC / "favicon.svg"


_SCRIPTS = ("script.js", "address.js", "keeping.js", "conversations.js", "cards.js", "newsletter.js", "settling.js")
"""In the order in which they build on each other."""
_STYLES = ("style.css", "views.css", "conversations.css", "cards.css", "stories.css", "newsletter.css")


def script_element() -> str:
    """The script that the components' handlers call, with its words in the language in use."""
    script = "".join((STATIC / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    # No "<" of a translation can end the element.
    words = json.dumps(messages_for_script(script)).replace("<", "\\u003c")
    return f"<script>window.newsdeskWords = {words};\n{script}</script>"


def language_element() -> str:
    """What tells the browser the language in use and its direction, before anything is drawn: Gradio's document is
    English."""
    tag = language()
    return f'<script>Object.assign(document.documentElement, {{ lang: "{tag}", dir: "{direction(tag)}" }});</script>'


def style_element() -> str:
    """The styles: in the head as they are, since Gradio's `css_paths` would rewrite the rules in the browser, after the
    first paint, and lose some of them."""
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in _STYLES]
    return f"<style>{''.join(parts)}</style>"
