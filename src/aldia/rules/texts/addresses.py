"""Addresses a mail can go to."""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address

_ADDRESS_MAX = 254
_COMMON = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*", re.IGNORECASE)  # what needs no grammar to be read
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE
)


def is_mail_address(text: str) -> bool:
    """True for exactly one plain address: no name beside it, no line end, nothing that ends a header."""
    if len(text) > _ADDRESS_MAX or any(each.isspace() or not each.isprintable() for each in text):
        return False
    local, _at, domain = text.partition("@")
    if _COMMON.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return True
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, IndexError, ValueError, AttributeError):
        return False
    domain = (
        address.domain.encode("idna", errors="ignore").decode()
        if address.domain.isascii() is False
        else address.domain
    )
    return bool(address.username) and address.addr_spec == text and _DOMAIN.fullmatch(domain) is not None
