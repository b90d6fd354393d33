"""Twilio's callbacks: who signs them, and what they tell. A form, signed over its address and fields."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from aldia.channels.news import INCOMING, OTHER, STATUS, Delivery, Incoming, Piece, RawNews, plain, text_in
from aldia.channels.provider import Meaning, Refusal, known_refusal
from aldia.channels.twilio import CODES

_FIELDS_MAX = 200
_STATES = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "queued",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_PREFIX = "whatsapp:"


def signature(auth_token: str, url: str, fields: Sequence[tuple[str, str]]) -> str:
    """HMAC-SHA1 over the address and all fields by name, base64: what `X-Twilio-Signature` must be."""
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    told = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.new(auth_token.encode(), told.encode(), hashlib.sha1).digest()).decode()


def is_signed(header: str, auth_token: str, urls: Sequence[str], body: bytes) -> bool:
    """Whether it is signed for one of the addresses it may have been told, with or without the port."""
    fields = fields_of(body)
    if fields is None or not header or not auth_token:
        return False
    known = [signature(auth_token, each, fields) for url in urls for each in _with_and_without_port(url)]
    given = header.encode("utf-8", "replace")
    return any([hmac.compare_digest(each.encode(), given) for each in known])  # noqa: C419  all are compared


def _with_and_without_port(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    ports = {"https": ":443", "http": ":80"}
    port = ports.get(parts.scheme, "")
    if parts.netloc.endswith(port):
        return (url, parts._replace(netloc=parts.netloc.removesuffix(port)).geturl())
    return (url, parts._replace(netloc=parts.netloc + port).geturl())


def fields_of(body: bytes) -> list[tuple[str, str]] | None:
    """The form's fields; None for what is no form."""
    try:
        return parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="replace"
        )
    except ValueError:
        return None


def pieces_of(body: bytes, query: Mapping[str, str]) -> list[Piece]:
    """The one piece of news in a callback. query: of the address, where our name of the message stands."""
    form = plain(dict(fields_of(body) or []))
    payload = {"form": form, "query": plain(dict(query))}
    sid, status = form.get("MessageSid") or form.get("SmsSid") or "", form.get("MessageStatus", "")
    both = form.get("From", "") + form.get("To", "")
    channel = "whatsapp" if _PREFIX in both else "sms"
    if sid and status and status != "received":
        return [Piece(channel, f"{STATUS}{sid}:{status}:{form.get('ErrorCode', '')}"[:200], payload)]
    if sid and "Body" in form:
        return [Piece(channel, f"{INCOMING}{sid}"[:200], payload)]
    return [Piece(channel, OTHER + hashlib.sha256(body).hexdigest(), payload)]


def delivery_of(news: RawNews) -> Delivery | None:
    """What a status says; None for one that has nothing to say."""
    form = news.payload["form"]
    state = _STATES.get(form.get("MessageStatus", ""))
    if state is None:
        return None
    code = form.get("ErrorCode", "") if state == "failed" else ""
    meant = known_refusal(CODES, int(code)) if re.fullmatch("[0-9]{1,7}", code) else None
    return Delivery(
        provider_id=form.get("MessageSid") or form.get("SmsSid") or "",
        reference=text_in(news.payload, "query", "m"),
        state=state,
        address=form.get("To", "").removeprefix(_PREFIX),
        at=news.received_at,
        detail=code,
        reason=_failed(meant) if state == "failed" else "",
        bad_address=meant is not None and meant.meaning is Meaning.BAD_ADDRESS,
        opted_out=meant is not None and meant.meaning is Meaning.OPTED_OUT,
    )


def _failed(meant: Refusal | None) -> str:
    return f"Twilio: {meant.reason}." if meant else "Twilio no lo ha podido entregar."


def incoming_of(news: RawNews) -> Incoming:
    """A message that came in; it does not say when it was written."""
    form = news.payload["form"]
    sender, at = form.get("From", ""), news.received_at
    assert isinstance(at, datetime)
    return Incoming(
        channel="whatsapp" if sender.startswith(_PREFIX) else "sms",
        sender=sender.removeprefix(_PREFIX),
        text=form.get("Body", ""),
        provider_id=form.get("MessageSid") or form.get("SmsSid") or "",
        in_reply_to=form.get("OriginalRepliedMessageSid", ""),
        at=at,
        kind=_kind(form),
        opts_out=form.get("OptOutType") == "STOP",
    )


def _kind(form: Mapping[str, str]) -> str:
    if form.get("ButtonPayload") or form.get("ButtonText"):
        return "button"
    if form.get("NumMedia", "0") not in ("", "0"):
        return form.get("MediaContentType0", "media").partition("/")[0]
    return "text"
