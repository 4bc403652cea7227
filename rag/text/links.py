"""Which addresses may become links, on the page and in a newsletter."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")


def web_host(url: str) -> str:
    """The host of an http(s) address, or an empty string where the address must not become a link."""
    if _UNSAFE_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if parts.scheme.lower() in {"http", "https"} and parts.username is None else ""
