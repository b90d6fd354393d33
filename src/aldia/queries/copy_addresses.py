"""Addresses at which a customer gets the copy of a document without logging in, signed and for a while.

They name the document and not the file: what has been replaced or withdrawn is not given any more.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from aldia.records.tenancy.models import Creditor
from aldia.rules.copies import VALID_DAYS

_SALT = "aldia.copies"
_SIGNATURE_BYTES = 16  # 128 bits
_HEX_MAX = 15


@dataclass(frozen=True, slots=True)
class Opened:
    """What a signed address says. until: the last day it is good for."""

    document_id: int
    until: date


def address_of(creditor: Creditor, document_id: int, *, today: date) -> str:
    """The whole address, good for VALID_DAYS; "" where the house cannot be reached from outside."""
    if not creditor.public_url:
        return ""
    token = token_of(creditor, document_id, today + timedelta(days=VALID_DAYS))
    return f"{creditor.public_url}/copias/{creditor.code}/{token}/"


def token_of(creditor: Creditor, document_id: int, until: date) -> str:
    """Document, last day and signature, each after a point."""
    said = f"{document_id:x}.{until.toordinal():x}"
    return f"{said}.{_signature(creditor, said)}"


def opened(creditor: Creditor, token: str) -> Opened | None:
    """What the token says; None for one that the house has not signed for this creditor."""
    said, point, signature = token.rpartition(".")
    if not point or not constant_time_compare(signature, _signature(creditor, said)):
        return None
    document, _point, until = said.partition(".")
    if len(document) > _HEX_MAX or len(until) > _HEX_MAX:
        return None
    return Opened(int(document, 16), date.fromordinal(int(until, 16)))


def _signature(creditor: Creditor, said: str) -> str:
    digest = salted_hmac(_SALT, f"{creditor.pk}/{said}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=")
