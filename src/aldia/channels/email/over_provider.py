"""E-mail by a provider: django-anymail puts the mail into the provider's own form, the house hands it over.

Anymail's own sending is not used: it cannot say whether anything of a request had gone over the line when it
broke, and that is what tells «certainly not taken» from «nobody can know».
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

import requests
from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailNotSupportedWarning
from django.core.mail import EmailMultiAlternatives

from aldia.channels.composing import UNFIT_SENDER, UnfitAddress, composed, one_line, plain_address
from aldia.channels.email.providers import PROVIDERS, MailProvider
from aldia.channels.http import Answer, Http, NoAnswer
from aldia.channels.mail import Down, Mail, NotSent, Outcome
from aldia.channels.provider import Handover, ProviderTransport, Refusal

REFERENCE = "aldia"
"""The name under which our own name of a mail travels beside it, and comes back with news of it."""

_OTHERWISE = frozenset(
    {"from", "to", "subject", "reply-to", "date", "mime-version", "content-type", "content-transfer-encoding"}
)
"""Headers that are said in fields of the form, or made by whoever sends."""

_WORDS_MAX = 120


@dataclass(frozen=True, slots=True, repr=False)
class ProviderAccount:
    """provider: a name of PROVIDERS. options, secrets: by the names it has for them."""

    provider: str
    secrets: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    timeout_seconds: float = 30.0


class MailProviderTransport(ProviderTransport):
    """One account at one provider."""

    def __init__(self, account: ProviderAccount) -> None:
        self._of: MailProvider = PROVIDERS[account.provider]
        self.name = self._of.label
        self.come_later = self._of.come_later
        self._options = account.options
        self._url = account.base_url or self._of.base_url(account.options.get("region", ""))
        super().__init__(
            Http(self._url, self._of.login(account.secrets), timeout_seconds=account.timeout_seconds)
        )
        said = self._of.options_of(account.options, account.secrets)
        with warnings.catch_warnings():  # that anymail tries it no more is said in the manual
            warnings.simplefilter("ignore", AnymailNotSupportedWarning)
            self._backend = self._of.backend(api_url=self._url + self._of.path, **said)

    @property
    def probe(self) -> str:
        """What whoever may send may ask, mostly."""
        return self._of.probe(self._options)

    def _probed(self, answer: Answer | NoAnswer) -> Down | None:
        """Where a key may serve for sending and for nothing else, a «no» to the question says nothing."""
        if isinstance(answer, Answer) and not self._of.judges and answer.status in (401, 403, 404):
            return None
        return super()._probed(answer)

    def unfit(self, mail: Mail) -> NotSent | None:
        """One fit address on either side, in letters that every provider takes."""
        try:
            sender = plain_address(mail.sender.address)
        except UnfitAddress:
            return NotSent(UNFIT_SENDER)
        try:
            recipient = plain_address(mail.recipient)
        except UnfitAddress:
            return NotSent("La dirección de correo no está bien escrita.", permanent=True, bad_address=True)
        if not sender.isascii():
            return NotSent(UNFIT_SENDER)
        if not recipient.isascii():
            return NotSent(f"{self.name} no admite esa dirección.", permanent=True, bad_address=True)
        return None

    def handover(self, mail: Mail) -> Handover | NotSent:
        """The mail as anymail puts it; what it cannot put so is not sent."""
        try:
            payload = self._backend.build_message_payload(self._message(mail), {})
            said = payload.get_request_params(self._backend.api_url)
            wanted = {name: said[name] for name in ("method", "url", "params", "data", "files")}
            asked = requests.Request(**wanted, headers=_content_type_of(said["headers"])).prepare()
        except (AnymailInvalidAddress, UnfitAddress):
            return NotSent(f"{self.name} no admite esa dirección.", permanent=True, bad_address=True)
        except AnymailError as error:
            words = one_line(str(error), _WORDS_MAX)
            return NotSent(f"{self.name} no admite algo de este mensaje: {words}", permanent=True)
        assert asked.url is not None
        assert asked.body is not None
        once = {self._of.once_header: reference_of(mail)} if self._of.once_header else {}
        return Handover(
            path=asked.url.removeprefix(self._url),
            content=asked.body.encode() if isinstance(asked.body, str) else bytes(asked.body),
            content_type=str(asked.headers["Content-Type"]),
            headers=once,
        )

    def _message(self, mail: Mail) -> EmailMultiAlternatives:
        """What the mail is over SMTP, in the words of Django: headers and files as composing decides them."""
        whole = composed(mail)
        message = EmailMultiAlternatives(
            subject=str(whole["Subject"]),
            body=mail.text,
            from_email=str(whole["From"]),
            to=[str(whole["To"])],
            reply_to=[str(whole["Reply-To"])] if "Reply-To" in whole else [],
            headers=self._headers(whole),
        )
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        message.attachments = list(whole.iter_attachments())  # anymail takes parts
        message.metadata = {REFERENCE: reference_of(mail)}  # type: ignore[attr-defined]
        if self._of.untracked:
            message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
        return message

    def _headers(self, whole: EmailMessage) -> dict[str, str]:
        dropped = _OTHERWISE if self._of.keeps_message_id else _OTHERWISE | {"message-id"}
        kept = {name: str(value) for name, value in whole.items() if name.lower() not in dropped}
        return kept | dict(self._of.headers)

    def _answer_to(self, handover: Handover) -> Answer | NoAnswer:
        """A provider that knows our key is asked once more where the first answer leaves a doubt: the same
        request, which it takes once. What clears nothing up leaves the first answer."""
        first = super()._answer_to(handover)
        doubt = first.begun if isinstance(first, NoAnswer) else first.status >= 500
        if not (doubt and self._of.once_header):
            return first
        again = super()._answer_to(handover)
        return again if isinstance(again, Answer) and 200 <= again.status < 300 else first

    def _outcome(self, answer: Answer) -> Outcome:
        return self._unclear(answer) if answer.status in self._of.doubtful else super()._outcome(answer)

    def provider_id(self, answer: Answer) -> str:
        """What the provider calls the mail."""
        found = self._of.taken_as(answer)
        return found if isinstance(found, str) else ""

    def refusal(self, answer: Answer) -> Refusal | None:
        """By its words; what was taken is not refused."""
        return self._of.refusal(answer) if answer.status >= 400 else None


def reference_of(mail: Mail) -> str:
    """Our own name of a mail: its Message-ID without the angles."""
    return mail.message_id.strip("<>")


def _content_type_of(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Of anymail's headers the one that is about the content; the log-in is the line's."""
    return {name: value for name, value in (headers or {}).items() if name.lower() == "content-type"}
