"""Web addresses, taken apart once: what is checked is what is connected to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from ingest.fetching.errors import FetchError

DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_URL_CHARACTERS = 8000
_MAX_HOST_CHARACTERS = 253
_USER_INFORMATION = re.compile(r"(?<=//)[^/?#]*@")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_LEFT_AS_IT_IS = "/%:=&?~+!$,;'@()*[]|"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebAddress:
    """An http or https address without credentials and fragment.

    `scheme` is http or https; `host` an ASCII name in lower case or an IP address in its usual form; `target` the path
    and query as they go over the wire.
    """

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, url: str) -> WebAddress:
        """Take an address apart; raises a permanent FetchError that repeats no part of it."""
        if len(url) > _MAX_URL_CHARACTERS:
            raise _refused(f"is longer than {_MAX_URL_CHARACTERS} characters; check the address")
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise _refused("is not a web address; check how it is written") from None
        scheme = parts.scheme.lower()
        if scheme not in DEFAULT_PORTS:
            raise _refused("does not begin with http:// or https://; check the address")
        if "@" in parts.netloc:
            raise _refused("holds a user name or password; give the address without them")
        path = _sendable(parts.path) or "/"
        return cls(
            scheme=scheme,
            host=ascii_host(parts.hostname or ""),
            port=DEFAULT_PORTS[scheme] if port is None else port,
            target=f"{path}?{_sendable(parts.query)}" if parts.query else path,
        )

    def joined(self, location: str) -> WebAddress:
        """Return the address that a redirect from here names; raises FetchError as `parse` does."""
        try:
            url = urljoin(self.url, location.strip())
        except ValueError:
            raise _refused("is not a web address; check how it is written") from None
        return self.parse(url)

    @property
    def netloc(self) -> str:
        """Host and port as the `Host` header has them: no default port, an IPv6 address in brackets."""
        host = bracketed(self.host)
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.target


def ascii_host(host: str) -> str:
    """Return a host in the one form that is checked and connected to; raises FetchError for what is none.

    Names are encoded by IDNA, so full-width digits and dots are plain ones afterwards. Numbers that some systems take
    for IPv4 addresses (`2130706433`, `0177.0.0.1`, `0x7f.1`) are refused.
    """
    if ":" in host:
        return _ipv6(host)
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise _no_host() from None
    labels = name.split(".")
    if len(name) > _MAX_HOST_CHARACTERS or not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_host()
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise _refused("names its host by a number; write the host's name, or four numbers with dots") from None
    return name


def bracketed(host: str) -> str:
    """Return the host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def shown(url: str) -> str:
    """Return an address as messages name it: without credentials and control characters, and not endless."""
    return _USER_INFORMATION.sub("", _UNPRINTABLE.sub(" ", url).strip())[:500]


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        raise _no_host() from None
    if address.scope_id:
        raise _refused("names a network interface after its IPv6 address; leave out the part from % on")
    return str(address)


def _sendable(part: str) -> str:
    return quote(part, safe=_LEFT_AS_IT_IS, errors="surrogatepass")


def _no_host() -> FetchError:
    return _refused("has no valid host name; check the address")


def _refused(message: str) -> FetchError:
    return FetchError(message, permanent=True)
