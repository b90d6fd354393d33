"""The webhooks of the WhatsApp Cloud API: one request may tell many things, and each is kept by itself."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from aldia.channels.news import INCOMING, OTHER, STATUS, Delivery, Incoming, Piece, RawNews, plain, text_in
from aldia.channels.provider import Meaning
from aldia.channels.whatsapp.meta import meaning_of

_STATES = {"sent": "queued", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def is_signed(header: str, app_secret: str, body: bytes) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the very bytes that came."""
    if not header or not app_secret:
        return False
    known = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(known.encode(), header.encode("utf-8", "replace"))


def pieces_of(body: bytes) -> list[Piece]:
    """Every status and every message of the request; what cannot be read, whole."""
    try:
        told = json.loads(body, parse_float=str, parse_constant=_refuse)
        found = [_piece(kind, value, each) for kind, value, each in _told(told)]
    except (ValueError, RecursionError):
        told, found = None, []
    if found:
        return found
    whole = told if isinstance(told, dict) else {"raw": body.decode("utf-8", "replace")}
    return [Piece("whatsapp", OTHER + hashlib.sha256(body).hexdigest(), plain(whole))]


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _told(told: Any) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """(status, message or preference, what stands beside it, itself) for all there are."""
    for entry in _objects(told, "entry"):
        for change in _objects(entry, "changes"):
            value = change.get("value")
            if not isinstance(value, Mapping):
                continue
            for each in _objects(value, "statuses"):
                yield "status", value, each
            for each in _objects(value, "messages"):
                yield "message", value, each
            for each in _objects(value, "user_preferences"):
                yield "preference", value, each


def _objects(found: Any, name: str) -> list[Mapping[str, Any]]:
    several = found.get(name) if isinstance(found, Mapping) else None
    return [each for each in several if isinstance(each, Mapping)] if isinstance(several, list) else []


def _piece(kind: str, value: Mapping[str, Any], each: Mapping[str, Any]) -> Piece:
    payload = plain({"metadata": value.get("metadata"), "contacts": value.get("contacts"), kind: each})
    name = _preference(each) if kind == "preference" else text_in(payload, kind, "id")
    if not name:
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        return Piece("whatsapp", OTHER + digest, payload)
    if kind != "status":
        return Piece("whatsapp", f"{INCOMING}{name}"[:200], payload)
    status = text_in(payload, "status", "status")
    return Piece("whatsapp", f"{STATUS}{name}:{status}:{_code(payload['status']) or ''}"[:200], payload)


def _code(status: Mapping[str, Any]) -> int | None:
    errors = _objects(status, "errors")
    code = errors[0].get("code") if errors else None
    return code if isinstance(code, int) else None


def delivery_of(news: RawNews) -> Delivery | None:
    """What a status says; None for one that has nothing to say."""
    status = news.payload["status"]
    state = _STATES.get(text_in(status, "status"))
    if state is None:
        return None
    code = _code(status) if state == "failed" else None
    meant = meaning_of(code) if code is not None else None
    failed = f"WhatsApp (Meta): {meant.reason}." if meant else "WhatsApp no lo ha podido entregar."
    return Delivery(
        provider_id=text_in(status, "id"),
        reference=text_in(status, "biz_opaque_callback_data"),
        state=state,
        address=_number(text_in(status, "recipient_id")),
        at=_moment(text_in(status, "timestamp"), news.received_at),
        detail="" if code is None else str(code),
        reason=failed if state == "failed" else "",
        bad_address=meant is not None and meant.meaning is Meaning.BAD_ADDRESS,
        opted_out=meant is not None and meant.meaning is Meaning.OPTED_OUT,
    )


def incoming_of(news: RawNews) -> Incoming:
    """A message that came in; what is no text has at most its caption."""
    if "preference" in news.payload:
        return _chosen(news.payload["preference"], news.received_at)
    message = news.payload["message"]
    kind = text_in(message, "type") or "text"
    return Incoming(
        channel="whatsapp",
        sender=_number(text_in(message, "from")),
        text=_words(message, kind),
        provider_id=text_in(message, "id"),
        in_reply_to=text_in(message, "context", "id"),
        at=_moment(text_in(message, "timestamp"), news.received_at),
        kind=kind,
    )


def _preference(each: Mapping[str, Any]) -> str:
    """A name for what somebody has chosen in WhatsApp itself, "" where it does not say who and what."""
    who, what = text_in(each, "wa_id"), text_in(each, "value")
    return f"preference:{who}:{what}:{each.get('timestamp', '')}" if who and what else ""


def _chosen(each: Mapping[str, Any], came_at: datetime) -> Incoming:
    """«Stop» or «resume», chosen in WhatsApp itself, in words of Meta's."""
    return Incoming(
        channel="whatsapp",
        sender=_number(text_in(each, "wa_id")),
        text=text_in(each, "detail"),
        provider_id="",
        in_reply_to="",
        at=_moment(str(each.get("timestamp", "")), came_at),
        kind="preference",
        opts_out=text_in(each, "value") == "stop",
    )


def _words(message: Mapping[str, Any], kind: str) -> str:
    paths = (
        ("text", "body"),
        ("button", "text"),
        ("interactive", "button_reply", "title"),
        ("interactive", "list_reply", "title"),
        (kind, "caption"),
    )
    return next((words for words in (text_in(message, *path) for path in paths) if words), "")


def _number(digits: str) -> str:
    """As E.164. Mexican and Argentine numbers bear a 1 and a 9 there that nobody dials today, the 9 stays."""
    if digits.startswith("521") and len(digits) == 13:
        digits = "52" + digits[3:]
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else ""


def _moment(seconds: str, otherwise: datetime) -> datetime:
    """Of a Unix time in text; never later than it came."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 11):
        return otherwise
    return min(datetime.fromtimestamp(int(seconds), UTC), otherwise)
