"""What an article is called: its canonical URL and the id that follows from it."""

from __future__ import annotations

import hashlib

from ingest.types import RawArticle


def article_id(raw: RawArticle, *, url: str, text: str) -> str:
    """Return the article's id: 16 hexadecimal digits, the same after every ingest of the same source.

    It comes from the canonical URL, and from the article's part where one address holds several; without one, from the
    source's own id together with the source's name; without that, from the outlet and the cleaned text, where case and
    white space do not count.
    """
    if url:
        key = f"{url}\x1f{raw.part}" if raw.part else url
    elif raw.given_id:
        key = f"{raw.source}\x1f{raw.given_id}"
    else:
        key = f"{raw.outlet.casefold()}\x1f{' '.join(text.casefold().split())}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]
