"""Twilio's Messages API, version 2010-04-01: the same for SMS and WhatsApp, but for how numbers are written.

It takes no key of ours with a message (Twilio, «Messages resource»), so a doubt stays a doubt. What its
callbacks bring back is our Message-ID, in the address that they are told to call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from requests.auth import HTTPBasicAuth

from aldia.channels.http import Answer, Http
from aldia.channels.mail import Mail, NotSent
from aldia.channels.provider import Handover, Meaning, ProviderTransport, Refusal, known_refusal

BASE_URL = "https://api.twilio.com"
_LATER, _NEVER, _BAD, _DOWN = Meaning.LATER, Meaning.NEVER, Meaning.BAD_ADDRESS, Meaning.DOWN

# As Twilio's public dictionary of errors tells them; not tried against the service itself.
CODES: Mapping[int, Refusal] = {
    20003: Refusal(_DOWN, "no acepta la cuenta o su clave"),
    20005: Refusal(_DOWN, "la cuenta no está activa"),
    20403: Refusal(_DOWN, "la cuenta no tiene permiso para enviar"),
    20404: Refusal(_DOWN, "esa cuenta no existe"),
    20429: Refusal(_LATER, "demasiados mensajes seguidos"),
    21211: Refusal(_BAD, "ese número no es válido"),
    21212: Refusal(_DOWN, "el remitente no es válido"),
    21214: Refusal(_BAD, "no se puede llegar a ese número"),
    21217: Refusal(_BAD, "ese número no está bien escrito"),
    21262: Refusal(_NEVER, "el remitente y el destinatario son el mismo número"),
    21265: Refusal(_BAD, "ese número es un número corto"),
    21408: Refusal(_NEVER, "la cuenta no tiene permiso para enviar a ese país"),
    21602: Refusal(_NEVER, "el mensaje no dice nada"),
    21603: Refusal(_DOWN, "falta el remitente"),
    21606: Refusal(_DOWN, "el remitente no puede enviar mensajes"),
    21608: Refusal(_NEVER, "una cuenta de prueba solo escribe a números verificados"),
    21610: Refusal(Meaning.OPTED_OUT, "el destinatario se ha dado de baja de sus mensajes"),
    21611: Refusal(_LATER, "la cola del remitente está llena"),
    21612: Refusal(_NEVER, "ese remitente no llega a ese número"),
    21614: Refusal(_BAD, "ese número no es un móvil"),
    21617: Refusal(_NEVER, "el mensaje es demasiado largo"),
    21635: Refusal(_BAD, "ese número es un fijo"),
    21656: Refusal(_NEVER, "los datos no son los que pide la plantilla aprobada"),
    21659: Refusal(_DOWN, "el remitente no es un número de Twilio"),
    21660: Refusal(_DOWN, "el remitente no es de esta cuenta"),
    21703: Refusal(_DOWN, "el servicio de mensajes no tiene remitentes"),
    30001: Refusal(_LATER, "su cola está llena"),
    30002: Refusal(_DOWN, "la cuenta está suspendida"),
    30003: Refusal(_NEVER, "el teléfono está apagado o sin cobertura"),
    30004: Refusal(_NEVER, "el operador o el destinatario no admiten el mensaje"),
    30005: Refusal(_BAD, "ese número no existe"),
    30006: Refusal(_BAD, "ese número es un fijo o no está al alcance"),
    30007: Refusal(_NEVER, "el operador lo ha tomado por publicidad"),
    30008: Refusal(_NEVER, "el operador no dice por qué"),
    63001: Refusal(_DOWN, "el remitente de WhatsApp no acepta la cuenta"),
    63003: Refusal(_BAD, "ese número no está en WhatsApp"),
    63007: Refusal(_DOWN, "el remitente de WhatsApp no es de esta cuenta"),
    63013: Refusal(_NEVER, "el mensaje va contra las normas de WhatsApp"),
    63016: Refusal(_NEVER, "pasadas 24 horas sin noticias suyas, solo una plantilla aprobada"),
    63018: Refusal(_LATER, "demasiados mensajes de WhatsApp seguidos"),
    63024: Refusal(_BAD, "ese número no puede recibir WhatsApp"),
    63027: Refusal(_NEVER, "no hay plantilla aprobada en ese idioma"),
    63028: Refusal(_NEVER, "los datos no son los que pide la plantilla aprobada"),
    63040: Refusal(_NEVER, "WhatsApp no ha aprobado la plantilla"),
    63041: Refusal(_NEVER, "WhatsApp ha puesto la plantilla en pausa"),
    63042: Refusal(_NEVER, "WhatsApp ha retirado la plantilla"),
}


@dataclass(frozen=True, slots=True, repr=False)
class TwilioAccount:
    """sender: a number, an alphanumeric name, or the SID of a messaging service. callback_url: where news of
    a message are wanted, "" for nowhere."""

    account_sid: str
    auth_token: str
    sender: str
    base_url: str = BASE_URL
    callback_url: str = ""
    timeout_seconds: float = 30.0


class TwilioTransport(ProviderTransport):
    """What both kinds of message share. prefix: before every number."""

    name = "Twilio"
    prefix = ""

    def __init__(self, account: TwilioAccount) -> None:
        login = HTTPBasicAuth(account.account_sid, account.auth_token)
        super().__init__(Http(account.base_url, login, timeout_seconds=account.timeout_seconds))
        self.account = account

    @property
    def probe(self) -> str:
        """The account itself."""
        return f"/2010-04-01/Accounts/{self.account.account_sid}.json"

    def content(self, mail: Mail) -> Mapping[str, str] | NotSent:
        """What the message says, in the fields of the API."""
        return {"Body": mail.text}

    def handover(self, mail: Mail) -> Handover | NotSent:
        """To, from, content, and where to tell what becomes of it."""
        content = self.content(mail)
        if isinstance(content, NotSent):
            return content
        fields = {"To": self.prefix + mail.recipient, **self._sender(), **content}
        if self.account.callback_url:
            fields["StatusCallback"] = f"{self.account.callback_url}?m={quote(reference_of(mail.message_id))}"
        return Handover(
            path=f"/2010-04-01/Accounts/{self.account.account_sid}/Messages.json",
            content=urlencode(fields).encode(),
            content_type="application/x-www-form-urlencoded",
        )

    def _sender(self) -> dict[str, str]:
        if self.account.sender.startswith("MG"):
            return {"MessagingServiceSid": self.account.sender}
        return {"From": self.prefix + self.account.sender}

    def provider_id(self, answer: Answer) -> str:
        """The SID of the message."""
        found = (answer.said or {}).get("sid")
        return found if isinstance(found, str) else ""

    def refusal(self, answer: Answer) -> Refusal | None:
        """By its code: of the error, or of a message that failed at once."""
        said = answer.said or {}
        code = said.get("error_code") if "error_code" in said else said.get("code")
        if not isinstance(code, int):
            return None
        return known_refusal(CODES, code)


def reference_of(message_id: str) -> str:
    """Our own name of a message, as it may stand in an address: without the angles."""
    return message_id.strip("<>")
