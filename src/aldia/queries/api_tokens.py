"""Whose a token is, and which tokens a creditor has given."""

import hashlib
from datetime import datetime

from aldia.records.tenancy.models import ApiToken


def token_digest(secret: str) -> str:
    """What is kept of a token: SHA-256 in hex. It has 256 random bits, so no slower hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def authenticate(secret: str, *, now: datetime) -> ApiToken | None:
    """The token with its creditor, if it is known, not revoked and not past its time."""
    found = ApiToken.objects.select_related("creditor").filter(digest=token_digest(secret))
    return found.filter(revoked_at__isnull=True, expires_at__gt=now).first()


def tokens_of(creditor_id: int) -> list[ApiToken]:
    """Every token of the creditor, the newest first."""
    return list(ApiToken.objects.filter(creditor_id=creditor_id).order_by("-recorded_at", "-pk"))
