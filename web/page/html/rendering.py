"""The page's HTML: every word of it comes from the files in `templates/`, and what they are given is escaped.

No other module of `web` escapes a text or writes a tag, but `web.page.assets` for our own script and styles;
`tests/test_markup.py` holds that.
"""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from rag.text.formatting import day_in_words, page_in_words
from rag.text.links import web_host
from rag.wording import _, ngettext, pgettext, translated
from rag.wording.in_html import in_html
from web.page.html.words import language_tag, outlet_of, published_in_words, snippet, timestamp_of, title_of
from web.page.places import quote_reference

TEMPLATES = Path(__file__).with_name("templates")

# Browsers drop or choke on C0 controls, and a lone surrogate cannot be sent as UTF-8 at all.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def render(template: str, **values: object) -> str:
    """A file of `templates/` with these values: plain text and numbers, of which nothing is ever markup.

    Raises jinja2's `UndefinedError` for a value that the template needs and is not given, `TypeError` for one that is
    no text and no number where the template prints it.
    """
    return environment().get_template(template).render(values)


def fragment(template: str, macro: str, *values: object) -> Markup:
    """What a macro of `templates/` makes of these values, for a template that puts it into its place."""
    made = getattr(environment().get_template(template).module, macro)(*values)
    assert isinstance(made, Markup)
    return made


def failed_html(message: str) -> str:
    """A sentence for the reader where something could not be done."""
    return render("failed.html", message=message)


def text_html(words: str) -> str:
    """Plain words."""
    return render("text.html", words=words)


def load_templates() -> None:
    """Compile every template: no reader waits for it, and one that is broken ends the start and not a question."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


@cache
def environment() -> Environment:
    """The one environment. It has these filters and functions and none of Jinja's own, so that there is no `safe`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters = {
        "day": day_in_words,
        "in_address": partial(quote, safe=""),
        "language_tag": language_tag,
        "length": len,
        "outlet": outlet_of,
        "page_in_words": page_in_words,
        "place": quote_reference,
        "published": published_in_words,
        "snippet": snippet,
        "timestamp": timestamp_of,
        "title": title_of,
        "translated": translated,
        "web_host": web_host,
    }
    made.globals = {message.__name__: in_html(message, printable=_printable) for message in (_, ngettext, pgettext)}
    return made


def _printable(value: object) -> object:
    """What a template prints, before it is escaped; the length of a text in characters is kept."""
    if isinstance(value, Markup | Undefined):
        return value
    if isinstance(value, str):
        # Most texts are of printable characters alone, which is known at once.
        return value if value.isprintable() else _UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"a template prints text and numbers, not {type(value).__name__}; put it into words first")
