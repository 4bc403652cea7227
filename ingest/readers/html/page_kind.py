"""Tells pages that hold an article from first pages, walls and error pages, which hold text all the same."""

from __future__ import annotations

import re

from ingest.readers.html.layout import Layout, prose_of

_MIN_LINKED_HEADINGS = 5
_MIN_PROSE_WORDS = 60
_MAX_NOTICE_WORDS = 150
"""What says more than this is no mere notice, whatever its words."""

_MAX_WORDS_OF_DECLARED = 50
"""A page that declares an article and shows no more than this, with such words, shows its wall."""

_NOTICE_TITLES = re.compile(
    r"(?:error\s*)?(?:40[0-9]|410|429|50[0-4])\b.*|(?:error|oops|sorry)\b.*|not found|forbidden"
    r"|.*\b(?:page|article|story) (?:was |is |can(?:no|')t be )?"
    r"(?:not found|no longer available|not available|missing)\b.*"
    r"|access (?:to this page (?:has been )?)?denied.*|just a moment.*|attention required.*|one more step.*"
    r"|are you (?:a )?(?:robot|human).*|(?:robot|security|human|browser) (?:check|verification).*"
    r"|pardon our interruption.*"
    r"|(?:please )?(?:log|sign) ?in\b.*|subscribe\b.*|service unavailable.*|site maintenance.*|bad gateway.*"
    r"|internal server error.*|seite nicht gefunden.*|page (?:introuvable|non trouvée).*|página no encontrada.*",
    re.IGNORECASE,
)
_GONE = (
    r"(?:could not be|cannot be|can't be|was not) found|(?:does not|doesn't|no longer) exists?|is no longer available"
    r"|has (?:been )?(?:moved|removed)"
)
_NOTICES = re.compile(
    r"(?:enable|activate|turn on|requires?|needs?) (?:java ?script|cookies)"
    r"|java ?script (?:is|has been) (?:disabled|required)"
    r"|(?:verify|confirm|checking|make sure|prove) (?:that |if )?(?:your?|the site) ?(?:connection|browser|\b)"
    r"|(?:don't|do not) have permission to (?:access|view)|access (?:is |has been )?denied|unusual (?:traffic|activity)"
    rf"|(?:page|article|content|resource)(?: that)?(?: you(?:'re| are|'ve| have)? \w+(?: for)?)? (?:{_GONE})"
    r"|(?:log|sign) in (?:or \w+ )?to (?:continue|read|view|access|your)"
    r"|(?:subscribe|register|create (?:a|your) (?:free )?account)(?: \w+){0,3}"
    r" to (?:continue|keep|read|view|access|unlock)"
    r"|already (?:a |have an? )(?:subscriber|member|account)"
    r"|(?:we|this (?:site|website)|our partners)(?: \w+){0,5} (?:use|store|process)s?(?: \w+){0,3} cookies"
    r"|(?:accept|reject|manage) (?:all |your )?cookies|consent to (?:the use|our use|cookies)"
    r"|cookie (?:preferences|settings|policy)",
    re.IGNORECASE,
)


def is_listing(layout: Layout) -> bool:
    """Whether a page lists articles: many headings that are links, and nowhere paragraphs that belong together."""
    prose = prose_of(layout.tree)
    words = (
        sum(len(paragraph.text_content().split()) for paragraph in prose.iterchildren("p")) if prose is not None else 0
    )
    return words < _MIN_PROSE_WORDS and len(_linked_headings(layout)) >= _MIN_LINKED_HEADINGS


def is_notice(title: str, text: str, *, declares_article: bool) -> bool:
    """Whether a short text is that of an error page, of a login or cookie wall, or of a check for robots."""
    if len(text.split()) > (_MAX_WORDS_OF_DECLARED if declares_article else _MAX_NOTICE_WORDS):
        return False
    straight = text.replace("’", "'")  # noqa: RUF001
    return _NOTICE_TITLES.fullmatch(title.strip(" !.")) is not None or _NOTICES.search(straight) is not None


def _linked_headings(layout: Layout) -> set[str]:
    """Return the addresses of the headings that are links, or are inside links."""
    found: set[str] = set()
    for heading in layout.tree.iter("h2", "h3", "h4"):
        links = [*heading.iter("a"), *heading.iterancestors("a")]
        found.update(link.get("href") for link in links[:1] if not (link.get("href") or "#").startswith("#"))
    return found
