"""One form for all addresses of an article."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote_plus, urlsplit, urlunsplit

_NOT_IN_HOST = re.compile(r"[\s\"<>\[\]\\^`{|}]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "mc_", "at_", "ns_", "pk_", "ga_", "hsa_", "_hs", "oly_", "vero_")
_TRACKING = frozenset(
    ["gclid", "fbclid", "dclid", "yclid", "msclkid", "gbraid", "wbraid", "igshid", "twclid", "ttclid", "ref",
     "ref_src", "ref_url", "referrer", "referer", "cmp", "cmpid", "cmp_id", "ocid", "smid", "smtyp", "sr_share",
     "s_cid", "srsltid", "mkt_tok", "spm", "xtor", "ito", "guccounter", "guce_referrer", "guce_referrer_sig", "ncid",
     "share", "taid", "__twitter_impression", "wt.mc_id"]
)  # fmt: skip


def canonical_url(url: str) -> str:
    """Return the one form of a web address under which an article is known; idempotent.

    Scheme and host in lower case; no credentials, default port, fragment, tracking parameter or trailing slash; the
    other parameters sorted. Returns an empty string for what is not an http or https address.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), _host(parts.hostname or "")
    if scheme not in _DEFAULT_PORTS or not host:
        return ""
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, _path(parts.path), _query(parts.query), ""))


def host_of(url: str) -> str:
    """Return the host of an address without www, which stands for an outlet that is not named; empty for none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _host(name: str) -> str:
    """Return the host as an address has it; empty where it is none."""
    if ":" not in name:
        return "" if _NOT_IN_HOST.search(name) else name.rstrip(".")
    try:
        address = ipaddress.IPv6Address(name)
    except ValueError:
        return ""
    return "" if address.scope_id else f"[{address}]"


def _path(path: str) -> str:
    return "".join(path.split()).rstrip("/") or "/"


def _query(query: str) -> str:
    kept = [part for part in "".join(query.split()).split("&") if part and not _is_tracking(part)]
    return "&".join(sorted(kept))


def _is_tracking(part: str) -> bool:
    name = unquote_plus(part.partition("=")[0]).lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
