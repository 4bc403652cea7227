"""What an article is called: its canonical URL and the id that follows from it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

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


def source_of(raw: RawArticle) -> str:
    """The source that gives an article: the host that it was fetched from, or the name of its file without figures.

    Exports of one tool are named by their days, and browsers number what they save twice.
    """
    host = host_of(raw.where)
    return f"host {host}" if host else f"file {re.sub(r'[^a-z]+', ' ', raw.source.casefold()).strip()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who holds an address already: the outlet, and the source that gave the article; empty where it is not known."""

    outlet: str
    source: str = ""


def rival_id(ref: ArticleRef, holder: Holder, *, source: str) -> str:
    """The id of an article at whose address another outlet's, or another source's, stands already."""
    key = f"{ref.url}\x1f{ref.outlet.casefold()}"
    return _digest(key if _contradict(holder.outlet, ref) else f"{key}\x1f{source}")


def is_rival(holder: Holder, claimant: ArticleRef, *, where: str, source: str) -> bool:
    """Whether `claimant`, from `where`, claims the address of an article that another outlet or source holds.

    What was fetched from the address's own host speaks for it whatever outlet it names, and nothing else does but the
    source that gave the article. An outlet that is not known, or is named by its host or more shortly ("BBC", "BBC
    News"), contradicts nobody.
    """
    fetched_from, host = host_of(where), host_of(claimant.url)
    if not host or f".{fetched_from}".endswith(f".{host}") or (fetched_from and host.endswith(f".{fetched_from}")):
        return False
    return _contradict(holder.outlet, claimant) or holder.source not in ("", source)


def _contradict(holder: str, claimant: ArticleRef) -> bool:
    host = host_of(claimant.url)
    one, other = (_plain(name.removeprefix("www.")) for name in (holder, claimant.outlet))
    return one not in other and other not in one and _plain(host) not in (one, other)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
