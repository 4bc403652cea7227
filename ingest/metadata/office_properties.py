"""What the properties of office documents say, where it is believable: programs fill them in, and nobody looks."""

from __future__ import annotations

import re

from ingest.metadata.plain_text import split_authors
from ingest.text.unicode import one_line

_MAX_TITLE_CHARACTERS = 300
_MAX_AUTHORS = 20
_FROM_A_PROGRAM = re.compile(
    r"microsoft (?:word|excel|powerpoint|outlook|publisher)\b|(?:word|excel|powerpoint) -|(?:file|https?|about):"
    r"|(?:untitled|unbenannt|sans titre|dokument|document|presentation|slide|book|title|print(?:ing)?|layout|template"
    r"|draft|page|scan\w*|img|new|microsoft)[\s_-]*(?:\d+|document|title|job|page)?$",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\S*\.(?:docx?|docm|rtf|odt|pdf|indd|qxp|qxd|pptx?|xlsx?|html?|txt|tmp|ai|eps|tex|dvi)$", re.I)
_ACCOUNT = re.compile(
    r"\d|[@\\/_]|\b(?:user|admin\w*|owner|office|microsoft|unknown|author|editor|desk|newsroom|staff|root|system|default"
    r"|scanner|printer|student|acrobat|adobe|indesign|anonymous|guest|pc|laptop)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,4}")


def believable_title(title: object) -> str:
    """Return the title on one line; empty where a program made it up, such as "Microsoft Word - story.doc"."""
    line = one_line(title) if isinstance(title, str) else ""
    words = line.split()
    if len(words) < 2 or len(line) > _MAX_TITLE_CHARACTERS or _FILE_NAME.search(line) or _FROM_A_PROGRAM.match(line):
        return ""
    return line


def believable_authors(author: object) -> tuple[str, ...]:
    """Return the names of the authors; none where they are no names of people, such as an account's."""
    line = one_line(author) if isinstance(author, str) else ""
    names = split_authors(line)[:_MAX_AUTHORS]
    if not all(_NAME.fullmatch(name) and not _ACCOUNT.search(name) for name in names):
        return ()
    return names
