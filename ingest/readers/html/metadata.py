"""What a page says about its article: its JSON-LD, its meta elements, and what its readers see above the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.metadata.canonical_url import canonical_url, host_of
from ingest.metadata.source_locale import SourceLocale
from ingest.readers.html.authors import authors_of
from ingest.readers.html.dates import published_on
from ingest.readers.html.json_ld import JsonLd, article_json_ld, names_in, text_in
from ingest.readers.html.layout import Layout, Meta, first_of, meta_elements
from ingest.readers.html.titles import title_of
from rag.types import DatePrecision

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:-]{2,40})", re.IGNORECASE)


@dataclass(kw_only=True, slots=True)
class PageMetadata:
    """What the page states; empty where it does not.

    `declares_article` is whether it says that it is an article; `notes` go into the report.
    """

    title: str = ""
    outlet: str = ""
    url: str = ""
    published: datetime | None = None
    precision: DatePrecision = "minute"
    authors: tuple[str, ...] = ()
    language: str = ""
    declares_article: bool = False
    json_ld: JsonLd = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page's meta element declares in its first bytes, or an empty string."""
    found = _CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else ""


def page_metadata(tree: Any, *, url: str = "") -> tuple[PageMetadata, Layout]:
    """Read the metadata of a parsed page, and where its article stands.

    `url` is where the page was fetched from, empty for a saved page.
    """
    meta = meta_elements(tree)
    json_ld = article_json_ld(tree, url, *_canonical_links(tree), first_of(meta, "og:url"))
    address = _url(tree, meta, json_ld, url)
    host = host_of(url or address)
    outlet = _outlet(meta, json_ld)
    title, headline = title_of(tree, meta, json_ld, outlet=outlet, host=host)
    layout = Layout(tree, headline)
    locale = SourceLocale.of(_language_tag(tree, meta, json_ld), url, address)
    dated = published_on(layout, meta, json_ld, url=url or address, locale=locale)
    published = dated.published
    metadata = PageMetadata(
        title=title,
        outlet=outlet or host,
        url=address,
        published=published[0] if published else None,
        precision=published[1] if published else "minute",
        authors=authors_of(layout, meta, json_ld, outlet=outlet or host.rpartition(".")[0].rpartition(".")[2]),
        language=_language(tree, meta, json_ld),
        notes=(dated.note,) if dated.note and not published else (),
        declares_article=bool(json_ld) or first_of(meta, "og:type").lower() == "article",
        json_ld=json_ld,
    )
    return metadata, layout


def _outlet(meta: Meta, json_ld: JsonLd) -> str:
    """Return the outlet's name as the page gives it.

    The site's name goes first: for a story of an agency some pages name the agency as its publisher.
    """
    names = [first_of(meta, "og:site_name"), *names_in(json_ld.get("publisher"))[:1]]
    return next((name for name in names if name and not name.startswith("http")), "")


def _url(tree: Any, meta: Meta, json_ld: JsonLd, fetched: str) -> str:
    """Return the article's address as the page gives it.

    The page at a fetched address may name another address of its own host only: nobody's page may pass for an article
    of another outlet, and a first page is no article's address.
    """
    candidates = [*_canonical_links(tree), first_of(meta, "og:url"), text_in(json_ld.get("url"))]
    own = canonical_url(fetched)
    for candidate in filter(None, candidates):
        url = canonical_url(_joined(fetched, candidate) if fetched else candidate)
        if url and (not own or (_site(url) == _site(own) and (urlsplit(url).path != "/" or own == url))):
            return url
    return own


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def _canonical_links(tree: Any) -> list[str]:
    links = [link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    return [link.get("href") or "" for link in links]


def _site(url: str) -> str:
    """Return the host's last two labels: what www, m and amp addresses of one outlet share."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


def _language(tree: Any, meta: Meta, json_ld: JsonLd) -> str:
    language = tree.get("lang") or text_in(json_ld.get("inLanguage")) or first_of(meta, "dc.language")
    return re.split(r"[-_,]", language.strip().lower())[0][:8]


def _language_tag(tree: Any, meta: Meta, json_ld: JsonLd) -> str:
    """Return the page's language with its region ("en-GB"), which may stand beside a language without one."""
    language = _language(tree, meta, json_ld)
    given = (tree.get("lang") or "", text_in(json_ld.get("inLanguage")), *meta.get("og:locale", [])[:1])
    fuller = (tag for tag in given if re.match(rf"{re.escape(language)}[-_]", tag, re.IGNORECASE))
    return next(fuller, language) if language else next(filter(None, given), "")
