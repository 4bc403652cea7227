"""What an article is called: its canonical URL and the id that follows from it."""

from __future__ import annotations

import hashlib

from ingest.metadata.canonical_url import host_of
from ingest.types import RawArticle
from rag.types import ArticleRef


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
    return _digest(key)


def rival_id(ref: ArticleRef) -> str:
    """The id of an article at whose address another outlet's stands already."""
    return _digest(f"{ref.url}\x1f{ref.outlet.casefold()}")


def is_rival(holder: str, claimant: ArticleRef, *, where: str) -> bool:
    """Whether `claimant`, from `where`, claims the address of an article whose outlet, `holder`, is another one.

    What was fetched from the address's own host speaks for it whatever outlet it names. An outlet that is not known, or
    is named by its host or more shortly ("BBC", "BBC News"), contradicts nobody.
    """
    fetched_from, host = host_of(where), host_of(claimant.url)
    if not host or f".{fetched_from}".endswith(f".{host}") or (fetched_from and host.endswith(f".{fetched_from}")):
        return False
    one, other = (_plain(name.removeprefix("www.")) for name in (holder, claimant.outlet))
    return one not in other and other not in one and _plain(host) not in (one, other)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
