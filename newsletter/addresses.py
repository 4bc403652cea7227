"""Readers' addresses as mail servers take them, and where each of them ends the newsletter."""

from __future__ import annotations

import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import quote

from rag.errors import NewsdeskError

READER = "{reader}"
"""Stands in `unsubscribe` for the reader's own address."""


class UnusableAddress(NewsdeskError):
    """No mail can go to an address; `reason` says why without naming it."""

    kind = "mail"

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"no mail can go to {address!r}: {reason}; correct it in the config")
        self.reason = reason


def deliverable(address: str, name: str = "") -> Address:
    """Return an address of that name, its domain in ASCII as IDNA 2008 has it.

    Raises `UnusableAddress` where it is none. What stands before the @ stays as it is: beyond ASCII it needs a server
    with SMTPUTF8 (RFC 6531).
    """
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        import idna

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise UnusableAddress(address, f"its domain is none ({str(error).rstrip('.').lower()})") from error
    if any(unicodedata.category(letter)[0] in "CZ" or letter == '"' for letter in local if not local.isascii()):
        raise UnusableAddress(address, "it is no address that a mail can have")
    # `email` knows no address with a local part beyond ASCII: another letter stands in for those.
    in_ascii = "".join(letter if letter.isascii() else "x" for letter in local)
    try:
        parsed = Address(name, addr_spec=f"{in_ascii}@{domain}")
        return parsed if local.isascii() else Address(name, username=local, domain=domain)
    except (MessageError, ValueError, IndexError) as error:
        raise UnusableAddress(address, "it is no address that a mail can have") from error


def needs_smtputf8(address: Address) -> bool:
    """Whether only a server with SMTPUTF8 can take mail for the address."""
    return not address.username.isascii()


def unsubscribe_link(unsubscribe: str | None, reader: str) -> str:
    """Return where the reader ends the newsletter; empty where that is not known, as in a draft to nobody."""
    if not unsubscribe or (READER in unsubscribe and not reader):
        return ""
    return unsubscribe.replace(READER, quote(reader, safe=""))


def is_one_click(unsubscribe: str | None) -> bool:
    """Whether a mail program may end the newsletter for its reader by itself (RFC 8058): the link tells who it is."""
    return bool(unsubscribe and unsubscribe.startswith("https://") and READER in unsubscribe)
