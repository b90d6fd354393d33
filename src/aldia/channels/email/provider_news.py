"""What providers of e-mail tell: who may tell it, and what it says. Their forms are read by django-anymail.

Every address that a provider is given bears a name and a word of ours (`knocks_right`); where it signs what
it tells, and its key has been written down, the signature has to be right too. That somebody has opened a
mail or followed a link is not taken in, whatever the provider sends: nobody is watched.
"""

import base64
import hashlib
import hmac
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from anymail.exceptions import AnymailError, AnymailNotSupportedWarning
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView, BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView, MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView, SendGridTrackingWebhookView
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest

from aldia.channels.composing import one_line
from aldia.channels.email.answers import refused_by
from aldia.channels.email.over_provider import REFERENCE
from aldia.channels.email.providers import PROVIDERS
from aldia.channels.news import OTHER, STATUS, Delivery, Piece, RawNews, plain

USER = "aldia"
"""The name in the address that a provider is given."""

_WORDS_MAX = 200
_LATE_SECONDS = 5 * 60
_DEFECTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
    AnymailError,
    ImproperlyConfigured,
    SuspiciousOperation,
)
"""What anymail's readers raise for what is not as they expect it."""

_ANY = "-"  # where a reader insists on a secret that it does not need for reading


@dataclass(frozen=True, slots=True)
class Told:
    """A request as it came. headers: by name."""

    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """ "" where there is none."""
        return next((value for each, value in self.headers.items() if each.lower() == name.lower()), "")

    @property
    def is_json(self) -> bool:
        """Whether it says that it is."""
        return self.header("Content-Type").partition(";")[0].strip().lower() == "application/json"


# --- who may tell -------------------------------------------------------------------------------------------


def knocks_right(headers: Mapping[str, str], word: str) -> bool:
    """Whether the name and the word of the address are in the request. word: "" opens nothing."""
    given = Told(headers, b"").header("Authorization").encode("utf-8", "replace")
    known = "Basic " + base64.b64encode(f"{USER}:{word}".encode()).decode()
    return bool(word) and hmac.compare_digest(known.encode(), given)


def is_signed(
    provider: str, told: Told, options: Mapping[str, str], secrets: Mapping[str, str], now: datetime
) -> bool:
    """Whether the signature is right, where the provider signs and its key has been written down."""
    if provider == "mailgun" and secrets.get("signing_key"):
        return _passes(_of_mailgun(secrets["signing_key"]), told)
    if provider == "sendgrid" and options.get("verification_key") and told.is_json:
        return _passes(_of_sendgrid(options["verification_key"]), told)
    if provider == "resend" and secrets.get("signing_key"):
        return _is_signed_as_standard(told, secrets["signing_key"], now)
    return True


def is_verification_key(text: str) -> bool:
    """Whether SendGrid's public key can be read."""
    try:
        _of_sendgrid(text)
    except _DEFECTS:
        return False
    return True


def is_signing_secret(text: str) -> bool:
    """Whether it is one of Resend's: `whsec_` and base64."""
    return bool(_key_of(text))


def _of_mailgun(key: str) -> AnymailCoreWebhookView:
    return MailgunTrackingWebhookView(webhook_signing_key=key, webhook_secret=[])


@cache
def _of_sendgrid(key: str) -> AnymailCoreWebhookView:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return SendGridTrackingWebhookView(tracking_webhook_verification_key=key, webhook_secret=[])


def _passes(view: AnymailCoreWebhookView, told: Told) -> bool:
    try:
        view.run_validators(_request(told))
    except _DEFECTS:
        return False
    return True


def _is_signed_as_standard(told: Told, secret: str, now: datetime) -> bool:
    """As Svix signs for Resend: HMAC-SHA256 over id, moment and content; several may be given, one is right.
    An old one does not count: a second delivery is signed anew."""
    named, at = told.header("svix-id"), told.header("svix-timestamp")
    if not (named and re.fullmatch("[0-9]{1,12}", at)) or abs(now.timestamp() - int(at)) > _LATE_SECONDS:
        return False
    signed = f"{named}.{at}.".encode() + told.body
    known = base64.b64encode(hmac.new(_key_of(secret), signed, hashlib.sha256).digest())
    given = told.header("svix-signature").encode("utf-8", "replace").split()
    return any([hmac.compare_digest(b"v1," + known, each) for each in given])  # noqa: C419  all are compared


def _key_of(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


# --- what is told -------------------------------------------------------------------------------------------


def pieces_of(provider: str, told: Told) -> list[Piece]:
    """Each piece of news in the request; what cannot be read, whole."""
    try:
        events = _events(provider, told)
    except (ValueError, RecursionError):
        return [unread(told)]
    found = [_piece(provider, each) for each in events]
    return [each for each in found if each is not None]


_RAW_MAX = 10_000


def unread(told: Told) -> Piece:
    """A request that nobody can read, kept as it came: its beginning."""
    named = OTHER + hashlib.sha256(told.body).hexdigest()
    return Piece("email", named, plain({"raw": told.body.decode("utf-8", "replace")[:_RAW_MAX]}))


def _events(provider: str, told: Told) -> list[Any]:
    """Raises ValueError for what is no JSON."""
    whole = json.loads(told.body, parse_constant=_refuse)
    if provider == "mailgun" and isinstance(whole, dict) and "event-data" in whole:
        return [{"event-data": whole["event-data"]}]  # the signature is another at each delivery
    return whole if isinstance(whole, list) else [whole]


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _piece(provider: str, event: Any) -> Piece | None:
    """Named by its content: what is told again is the same."""
    payload = plain(event if isinstance(event, dict) else {"raw": event})
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    try:
        kind = _read(provider, payload).event_type
    except _DEFECTS:
        kind = EventType.UNKNOWN
    if kind in _OF_WATCHING:
        return None
    return Piece("email", (OTHER if kind not in _STATES else STATUS) + digest, payload)


_OF_WATCHING = (EventType.OPENED, EventType.CLICKED)

_STATES = {
    EventType.QUEUED: "queued",
    EventType.SENT: "queued",
    EventType.DEFERRED: "queued",
    EventType.DELIVERED: "delivered",
    EventType.REJECTED: "failed",
    EventType.FAILED: "failed",
    EventType.BOUNCED: "failed",
    EventType.COMPLAINED: "complained",
    EventType.UNSUBSCRIBED: "",
}
_UNWANTED = (RejectReason.UNSUBSCRIBED, RejectReason.SPAM)


def delivery_of(news: RawNews) -> Delivery | None:
    """What a status says; None for one that has nothing to say."""
    event = _read(news.source, news.payload)
    if event.event_type not in _STATES:
        return None
    state = _STATES[event.event_type]
    unwanted = event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
    is_bad = state == "failed" and not unwanted and _is_bad(news.source, news.payload, event)
    return Delivery(
        provider_id=event.message_id or "",
        reference=_reference(event),
        state="bounced" if is_bad and event.event_type == EventType.BOUNCED else state,
        address=event.recipient or "",
        at=_moment(event.timestamp, news.received_at),
        detail=event.reject_reason or "",
        reason=_reason(news.source, event) if state in ("failed", "complained") else "",
        bad_address=is_bad,
        opted_out=unwanted or (event.event_type == EventType.REJECTED and event.reject_reason in _UNWANTED),
    )


def _moment(said: datetime | None, came: datetime) -> datetime:
    return said if said is not None and said.tzinfo is not None else came


def _reference(event: AnymailTrackingEvent) -> str:
    found = event.metadata.get(REFERENCE) if isinstance(event.metadata, dict) else None
    return found if isinstance(found, str) else ""


def _reason(provider: str, event: AnymailTrackingEvent) -> str:
    """Spanish, with the other side's own words where it has any."""
    label = PROVIDERS[provider].label
    told = {
        EventType.COMPLAINED: "quien lo recibió lo ha marcado como no deseado",
        EventType.REJECTED: "no lo ha enviado",
        EventType.BOUNCED: "lo han devuelto",
    }.get(event.event_type, "no lo ha podido entregar")
    words = one_line(str(event.mta_response or event.description or ""), _WORDS_MAX)
    return f"{label}: {told}: {words}" if words else f"{label}: {told}."


# --- whether it is the address that is wrong ----------------------------------------------------------------


def _is_bad(provider: str, payload: Mapping[str, Any], event: AnymailTrackingEvent) -> bool:
    if event.reject_reason == RejectReason.INVALID:
        return True
    return _BAD[provider](payload, event)


def _at(found: Any, *path: str) -> Any:
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _bad_at_mailgun(payload: Mapping[str, Any], event: AnymailTrackingEvent) -> bool:
    """By the code of the other server, as over SMTP; what Mailgun no longer tries has bounced before."""
    if _at(payload, "event-data", "reason") == "suppress-bounce":
        return True
    code = _at(payload, "event-data", "delivery-status", "code")
    if not isinstance(code, int):
        return False
    return code == 605 or refused_by(code, event.mta_response or "", "recipient").bad_address


def _bad_at_sendgrid(payload: Mapping[str, Any], event: AnymailTrackingEvent) -> bool:
    if event.event_type == EventType.REJECTED:
        return bool(event.reject_reason == RejectReason.BOUNCED)
    return bool(payload.get("type") != "blocked")


def _bad_at_resend(payload: Mapping[str, Any], event: AnymailTrackingEvent) -> bool:
    kind = _at(payload, "data", "bounce", "type")
    return bool(kind == "Permanent") or (kind is None and "hard bounce" in (event.description or ""))


_BAD: Mapping[str, Callable[[Mapping[str, Any], AnymailTrackingEvent], bool]] = {
    "postmark": lambda payload, event: (
        "HardBounce" in (payload.get("Type"), payload.get("SuppressionReason"))
    ),
    "mailgun": _bad_at_mailgun,
    "sendgrid": _bad_at_sendgrid,
    "brevo": lambda payload, event: payload.get("event") in ("hard_bounce", "invalid_email"),
    "mailjet": lambda payload, event: (
        payload.get("hard_bounce") is True or payload.get("error") in ("invalid domain", "no mail host")
    ),
    "resend": _bad_at_resend,
}


# --- answers of customers -----------------------------------------------------------------------------------


def brings_mail(provider: str, told: Told) -> bool:
    """Whether the request is a mail that came in at the provider."""
    if provider in ("mailgun", "sendgrid"):
        return not told.is_json
    try:
        whole = json.loads(told.body)
    except (ValueError, RecursionError):
        return False
    sign = {"postmark": "FromFull", "brevo": "items", "mailjet": "Headers"}.get(provider)
    return isinstance(whole, dict) and sign is not None and sign in whole


def mails_of(provider: str, told: Told) -> Iterator[bytes]:
    """The mails in the request, as they would have come by IMAP. Raises ValueError for what cannot be read.

    Of files that a provider keeps for itself (Brevo) only the names come along.
    """
    try:
        events = _INBOUND[provider]().parse_events(_request(told))
        found = [_whole(each.message) for each in events]
    except (*_DEFECTS, RecursionError) as error:
        raise ValueError("no mail") from error
    yield from found


def _whole(message: EmailMessage) -> bytes:
    """The same for the same mail, however often it is brought: what stands between parts is not left to
    chance."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and not part.get_boundary():
            part.set_boundary(f"=_aldia_{number}")
    return message.as_bytes()


class _BrevoInbound(BrevoInboundWebhookView):  # type: ignore[misc]  # anymail has no types
    """Whoever reads the news of others asks nobody anything meanwhile."""

    def _fetch_attachment(self, attachment: Mapping[str, Any]) -> Any:
        return AnymailInboundMessage.construct_attachment(
            content_type="application/octet-stream", content=b"", filename=str(attachment.get("Name") or "")
        )


# --- anymail's readers --------------------------------------------------------------------------------------


def _read(provider: str, payload: Any) -> AnymailTrackingEvent:
    reader = _tracking(provider)
    if provider == "brevo" and payload.get("event") == "unsubscribed":
        payload = {**payload, "event": "unsubscribe"}  # by either name
    if provider == "resend":
        return reader.esp_to_anymail_event(payload, SimpleNamespace(headers={}))
    return reader.esp_to_anymail_event(payload)


@cache
def _tracking(provider: str) -> Any:
    """One reader for each: it holds nothing of a request."""
    made: Mapping[str, Callable[[], Any]] = {
        "postmark": lambda: PostmarkTrackingWebhookView(webhook_secret=_ANY),
        "mailgun": lambda: MailgunTrackingWebhookView(webhook_signing_key=_ANY, webhook_secret=_ANY),
        "sendgrid": lambda: _quiet(SendGridTrackingWebhookView),
        "brevo": lambda: BrevoTrackingWebhookView(webhook_secret=_ANY),
        "mailjet": lambda: MailjetTrackingWebhookView(webhook_secret=_ANY),
        "resend": lambda: ResendTrackingWebhookView(webhook_secret=_ANY),
    }
    return made[provider]()


_INBOUND: Mapping[str, Callable[[], Any]] = {
    "postmark": lambda: PostmarkInboundWebhookView(webhook_secret=_ANY),
    "mailgun": lambda: MailgunInboundWebhookView(webhook_signing_key=_ANY, webhook_secret=_ANY),
    "sendgrid": lambda: _quiet(SendGridInboundWebhookView),
    "brevo": lambda: _BrevoInbound(webhook_secret=_ANY, api_key=_ANY),
    "mailjet": lambda: MailjetInboundWebhookView(webhook_secret=_ANY),
}
INBOUND = tuple(_INBOUND)
"""Providers that bring the mails that come in at them."""


def _quiet(view: Callable[..., Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return view(webhook_secret=_ANY)


def _request(told: Told) -> WSGIRequest:
    """The request as Django hands it on; its content is there already."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in told.headers.items()}
    request = WSGIRequest(
        {
            **named,
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(told.body),
            "CONTENT_TYPE": told.header("Content-Type"),
            "CONTENT_LENGTH": str(len(told.body)),
        }
    )
    request._body = told.body
    return request
