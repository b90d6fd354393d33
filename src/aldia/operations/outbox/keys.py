"""Names that stay the same however often a thing is tried."""

import hashlib

_DIGITS = 32


def message_id(creditor_code: str, key: str, domain: str) -> str:
    """The RFC 5322 Message-ID of a unit: the same at each attempt, another for every other unit."""
    digest = hashlib.sha256(f"{creditor_code}\n{key}".encode()).hexdigest()[:_DIGITS]
    return f"<aldia.{digest}@{domain}>"
