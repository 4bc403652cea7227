"""Messages in HTML: the one place where a message becomes markup.

A message is our own and plain text; it is escaped, and so is every value that is put into it and is no markup already.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

Message = Callable[..., str]


def in_html(message: Message, *, printable: Callable[[object], object] = lambda value: value) -> Callable[..., Markup]:
    """`_`, `ngettext` or `pgettext` for a template; `printable` is what is made of each value first."""

    def made(*words: str | int, **values: object) -> Markup:
        # The values go in only once the message is escaped: until then each is a placeholder of its own.
        places = {name: f"{{held{number}}}" for number, name in enumerate(values)}
        said = escape(message(*words, **places))
        held = {f"held{number}": printable(value) for number, value in enumerate(values.values())}
        return said.format(**held) if held else said

    return made
