"""The providers that carry e-mail over HTTP: what each wants to be told, and what its answers mean.

Their forms are django-anymail's; how they are asked, and what is made of an answer, is the house's
(`channels/provider.py`). The codes are those of their public documentation; not tried against the services.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.backends.brevo import EmailBackend as BrevoBackend
from anymail.backends.mailgun import EmailBackend as MailgunBackend
from anymail.backends.mailjet import EmailBackend as MailjetBackend
from anymail.backends.postmark import EmailBackend as PostmarkBackend
from anymail.backends.resend import EmailBackend as ResendBackend
from anymail.backends.sendgrid import EmailBackend as SendGridBackend
from requests.auth import AuthBase, HTTPBasicAuth

from aldia.channels.http import Answer, Bearer, Named
from aldia.channels.provider import Meaning, Refusal

_LATER, _NEVER, _BAD, _DOWN = Meaning.LATER, Meaning.NEVER, Meaning.BAD_ADDRESS, Meaning.DOWN

_NO_LOGIN = Refusal(_DOWN, "no acepta la clave")
_NO_LEAVE = Refusal(_DOWN, "la cuenta no puede enviar")
_NO_SENDER = Refusal(_DOWN, "no deja escribir en nombre de ese remitente: confírmelo allí")
_NO_CREDIT = Refusal(_DOWN, "la cuenta no tiene saldo o está suspendida")
_NOT_AN_ADDRESS = Refusal(_BAD, "esa dirección no es válida")
_KNOWN_TO_BOUNCE = Refusal(_BAD, "a esa dirección ya no escribe: devolvió un correo o se quejó de él")
_TOO_LARGE = Refusal(_NEVER, "el mensaje es demasiado grande")


@dataclass(frozen=True, slots=True)
class MailProvider:
    """One provider. urls: where it is asked, by region, the usual one first. path: below that, of its API.
    secrets, options: names of what an account of it has; those of `optional` may be left out. login: how a
    request shows whose it is. options_of: what anymail wants to be told, from options and secrets. probe: a
    path that changes nothing; judges: whether its «no» means that the key does not serve for sending either.
    keeps_message_id: it leaves ours in the mail. untracked: it can be told, with each mail, to watch nobody.
    come_later: as in `ProviderTransport`. doubtful: statuses after which it may have taken the mail.
    once_header: where it takes a key of ours that keeps a second request from sending again. taken_as: what
    it calls the mail that it has taken. refusal: what an error means; None where it cannot be read."""

    name: str
    label: str
    backend: type[AnymailRequestsBackend]
    urls: Mapping[str, str]
    path: str
    secrets: tuple[str, ...]
    login: Callable[[Mapping[str, str]], AuthBase]
    options_of: Callable[[Mapping[str, str], Mapping[str, str]], Mapping[str, Any]]
    probe: Callable[[Mapping[str, str]], str]
    taken_as: Callable[[Answer], Any]
    refusal: Callable[[Answer], Refusal | None]
    options: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    judges: bool = True
    keeps_message_id: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    untracked: bool = False
    come_later: frozenset[int] = frozenset({429})
    doubtful: frozenset[int] = frozenset()
    once_header: str = ""

    def base_url(self, region: str) -> str:
        """Where it is asked; the usual place where nothing is said."""
        return self.urls.get(region) or next(iter(self.urls.values()))


def _said(answer: Answer, *path: str | int) -> Any:
    """What stands at the end of a path through objects and lists, None where there is nothing."""
    found: Any = answer.said
    for step in path:
        try:
            found = found[step]
        except (LookupError, TypeError):
            return None
    return found


def _words(answer: Answer, *path: str | int) -> str:
    found = _said(answer, *path)
    return found if isinstance(found, str) else ""


def _by_status(answer: Answer) -> Refusal | None:
    """What the status alone says where its words are none of those known."""
    if answer.said is None and answer.status not in (402, 413):
        return None  # not the provider itself, perhaps: a wall before it
    return {401: _NO_LOGIN, 402: _NO_CREDIT, 403: _NO_LEAVE, 413: _TOO_LARGE}.get(answer.status)


def _otherwise(answer: Answer, words: str) -> Refusal | None:
    """By the status; a provider's own words, which nobody knows, are final."""
    return _by_status(answer) or (Refusal(_NEVER, f"lo ha rechazado: «{words}»") if words else None)


_POSTMARK: Mapping[int, Refusal] = {
    10: _NO_LOGIN,
    100: Refusal(_LATER, "está en mantenimiento"),
    400: _NO_SENDER,
    401: _NO_SENDER,
    405: _NO_CREDIT,
    406: _KNOWN_TO_BOUNCE,
    411: Refusal(_NEVER, "no admite ese tipo de archivo adjunto"),
    412: Refusal(_DOWN, "la cuenta está a la espera de que la aprueben"),
    413: _NO_LEAVE,
    1235: Refusal(_DOWN, "ese «message stream» no existe"),
}


def _of_postmark(answer: Answer) -> Refusal | None:
    code, words = _said(answer, "ErrorCode"), _words(answer, "Message")
    if not isinstance(code, int) or isinstance(code, bool):
        return _by_status(answer)
    if code == 300 and re.match(r"(invalid|error parsing) 'to'", words, re.IGNORECASE):
        return _NOT_AN_ADDRESS
    if code == 300 and re.match(r"(invalid|error parsing) 'from'", words, re.IGNORECASE):
        return _NO_SENDER
    return _POSTMARK.get(code) or _otherwise(answer, words or str(code))


def _of_mailgun(answer: Answer) -> Refusal | None:
    words = _words(answer, "message")
    if answer.status == 404:
        return Refusal(_DOWN, "ese dominio no es de la cuenta, o es de la otra región")
    if answer.status == 400 and re.search(r"'?\bto\b'? parameter is not a valid", words, re.IGNORECASE):
        return _NOT_AN_ADDRESS
    if answer.status == 400 and re.search(r"'?\bfrom\b'? parameter is not a valid", words, re.IGNORECASE):
        return _NO_SENDER
    return _otherwise(answer, words)


def _of_sendgrid(answer: Answer) -> Refusal | None:
    field_, words = _words(answer, "errors", 0, "field"), _words(answer, "errors", 0, "message")
    if re.match(r"personalizations\.0\.to\b", field_):
        return _NOT_AN_ADDRESS
    if answer.status in (400, 403) and (field_.startswith("from") or "Sender Identity" in words):
        return _NO_SENDER
    if "credits" in words:
        return _NO_CREDIT
    return _otherwise(answer, words)


def _of_brevo(answer: Answer) -> Refusal | None:
    code, words = _words(answer, "code"), _words(answer, "message")
    if code == "not_enough_credits":
        return _NO_CREDIT
    if code in ("unauthorized", "permission_denied", "account_under_validation"):
        return _NO_LEAVE if code == "account_under_validation" else _NO_LOGIN
    if code == "invalid_parameter" and re.search(r"\bin to\b", words):
        return _NOT_AN_ADDRESS
    if code == "invalid_parameter" and "sender" in words.lower():
        return _NO_SENDER
    return _otherwise(answer, words)


def _of_mailjet(answer: Answer) -> Refusal | None:
    error = _said(answer, "Messages", 0, "Errors", 0)
    if not isinstance(error, dict):
        return _otherwise(answer, _words(answer, "ErrorMessage"))
    about = error.get("ErrorRelatedTo")
    named = [str(each) for each in about] if isinstance(about, list) else []
    if any(re.match(r"To\b", each) for each in named):
        return _NOT_AN_ADDRESS
    if any(re.match(r"From\b", each) for each in named):
        return _NO_SENDER
    return _otherwise(answer, str(error.get("ErrorMessage") or error.get("ErrorCode") or ""))


def _of_resend(answer: Answer) -> Refusal | None:
    name, words = _words(answer, "name"), _words(answer, "message")
    if name in ("missing_api_key", "invalid_api_key", "restricted_api_key", "invalid_access"):
        return _NO_LOGIN
    if name == "invalid_from_address" or (answer.status == 403 and "domain" in words):
        return _NO_SENDER
    if name == "validation_error" and re.search(r"[`'\"]to[`'\"] field", words):
        return _NOT_AN_ADDRESS
    if name == "validation_error" and re.search(r"[`'\"]from[`'\"] field", words):
        return _NO_SENDER
    return _otherwise(answer, words)


def _basic(user: str, secret: str) -> Callable[[Mapping[str, str]], AuthBase]:
    return lambda secrets: HTTPBasicAuth(secrets.get(user, user), secrets[secret])


def _key_only(options: Mapping[str, str], secrets: Mapping[str, str]) -> Mapping[str, Any]:
    return {"api_key": secrets["api_key"]}


_ALL = (
    MailProvider(
        name="postmark",
        label="Postmark",
        backend=PostmarkBackend,
        urls={"": "https://api.postmarkapp.com"},
        path="",
        secrets=("api_key",),
        options=("stream",),
        optional=frozenset({"stream"}),
        login=lambda secrets: Named("X-Postmark-Server-Token", secrets["api_key"]),
        options_of=lambda options, secrets: {
            "server_token": secrets["api_key"],
            "message_stream": options.get("stream") or None,
        },
        probe=lambda options: "/server",
        keeps_message_id=True,
        headers={"X-PM-KeepID": "true"},
        untracked=True,
        come_later=frozenset({429, 503}),
        taken_as=lambda answer: _said(answer, "MessageID") if _said(answer, "ErrorCode") in (0, None) else "",
        refusal=_of_postmark,
    ),
    MailProvider(
        name="mailgun",
        label="Mailgun",
        backend=MailgunBackend,
        urls={"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"},
        path="/v3",
        secrets=("api_key", "signing_key"),
        options=("region", "domain"),
        optional=frozenset({"region", "signing_key"}),
        login=_basic("api", "api_key"),
        options_of=lambda options, secrets: {
            "api_key": secrets["api_key"],
            "sender_domain": options["domain"],
        },
        probe=lambda options: f"/v3/domains/{options['domain']}",
        judges=False,  # a key for sending alone may not ask that
        keeps_message_id=True,
        untracked=True,
        taken_as=lambda answer: _said(answer, "id"),
        refusal=_of_mailgun,
    ),
    MailProvider(
        name="sendgrid",
        label="SendGrid",
        backend=SendGridBackend,
        urls={"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"},
        path="/v3",
        secrets=("api_key",),
        options=("region", "verification_key"),
        optional=frozenset({"region", "verification_key"}),
        login=lambda secrets: Bearer(secrets["api_key"]),
        options_of=lambda options, secrets: {"api_key": secrets["api_key"], "generate_message_id": False},
        probe=lambda options: "/v3/scopes",
        keeps_message_id=True,
        untracked=True,
        come_later=frozenset({429, 503}),
        taken_as=lambda answer: answer.headers.get("X-Message-Id", ""),
        refusal=_of_sendgrid,
    ),
    MailProvider(
        name="brevo",
        label="Brevo",
        backend=BrevoBackend,
        urls={"": "https://api.brevo.com"},
        path="/v3",
        secrets=("api_key",),
        login=lambda secrets: Named("api-key", secrets["api_key"]),
        options_of=_key_only,
        probe=lambda options: "/v3/account",
        taken_as=lambda answer: _said(answer, "messageId"),
        refusal=_of_brevo,
    ),
    MailProvider(
        name="mailjet",
        label="Mailjet",
        backend=MailjetBackend,
        urls={"": "https://api.mailjet.com"},
        path="/v3.1",
        secrets=("api_key", "secret_key"),
        login=_basic("api_key", "secret_key"),
        options_of=lambda options, secrets: dict(secrets),
        probe=lambda options: "/v3/REST/sender?Limit=1",
        untracked=True,
        taken_as=lambda answer: (
            str(_said(answer, "Messages", 0, "To", 0, "MessageID") or "")
            if _said(answer, "Messages", 0, "Status") == "success"
            else ""
        ),
        refusal=_of_mailjet,
    ),
    MailProvider(
        name="resend",
        label="Resend",
        backend=ResendBackend,
        urls={"": "https://api.resend.com"},
        path="",
        secrets=("api_key", "signing_key"),
        optional=frozenset({"signing_key"}),
        login=lambda secrets: Bearer(secrets["api_key"]),
        options_of=_key_only,
        probe=lambda options: "/domains",
        judges=False,  # a key for sending alone may not ask that
        doubtful=frozenset({409}),  # the key has been used: by whatever it was that may have been taken
        once_header="Idempotency-Key",
        taken_as=lambda answer: _said(answer, "id"),
        refusal=_of_resend,
    ),
)

PROVIDERS: Mapping[str, MailProvider] = {each.name: each for each in _ALL}
"""By name, as an account is kept under it and news of it come in."""
