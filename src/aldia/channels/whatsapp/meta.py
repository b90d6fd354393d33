"""WhatsApp Cloud API (Meta): messages of an approved template, or free text within the 24 hours.

It takes no key that would keep a second request from sending again, so a doubt stays a doubt; what it brings
back in its news is our Message-ID (`biz_opaque_callback_data`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aldia.channels.http import Answer, Bearer, Http
from aldia.channels.mail import Mail, NotSent
from aldia.channels.provider import Handover, Meaning, ProviderTransport, Refusal, known_refusal
from aldia.channels.whatsapp.session import NO_TEMPLATE, InSession, lacking
from aldia.rules.texts.approved import Approved, parameters

BASE_URL = "https://graph.facebook.com"
VERSION = "v23.0"
_LATER, _NEVER, _BAD, _DOWN = Meaning.LATER, Meaning.NEVER, Meaning.BAD_ADDRESS, Meaning.DOWN

# As Meta's public list of Cloud API errors tells them; not tried against the service itself.
CODES: Mapping[int, Refusal] = {
    0: Refusal(_DOWN, "no acepta el token"),
    3: Refusal(_DOWN, "el token no tiene permiso para enviar"),
    4: Refusal(_LATER, "demasiadas peticiones seguidas"),
    10: Refusal(_DOWN, "el token no tiene permiso para enviar"),
    33: Refusal(_DOWN, "ese número de empresa ya no existe"),
    190: Refusal(_DOWN, "el token ha caducado o no es válido"),
    368: Refusal(_DOWN, "la cuenta está bloqueada por no cumplir las normas"),
    80007: Refusal(_LATER, "la cuenta ha llegado a su límite"),
    130429: Refusal(_LATER, "demasiados mensajes seguidos"),
    130472: Refusal(_NEVER, "Meta no entrega a ese número por un experimento suyo"),
    130497: Refusal(_NEVER, "la cuenta no puede escribir a ese país"),
    131005: Refusal(_DOWN, "el token no tiene permiso para enviar"),
    131008: Refusal(_NEVER, "falta un dato en el mensaje"),
    131009: Refusal(_NEVER, "un dato del mensaje no es válido"),
    131021: Refusal(_NEVER, "el remitente y el destinatario son el mismo número"),
    131026: Refusal(_BAD, "ese número no está en WhatsApp o no puede recibirlo"),
    131030: Refusal(_NEVER, "un número de prueba solo escribe a los de su lista"),
    131031: Refusal(_DOWN, "la cuenta está bloqueada"),
    131037: Refusal(_DOWN, "el nombre de la empresa no está aprobado"),
    131042: Refusal(_DOWN, "la cuenta tiene un problema de pago"),
    131045: Refusal(_DOWN, "el número de la empresa no está registrado"),
    131047: Refusal(_NEVER, "pasadas 24 horas sin noticias suyas, solo una plantilla aprobada"),
    131048: Refusal(_LATER, "el número de la empresa está limitado por quejas"),
    131049: Refusal(_NEVER, "Meta ha preferido no entregarlo"),
    131050: Refusal(Meaning.OPTED_OUT, "el destinatario no quiere mensajes de esta clase"),
    131051: Refusal(_NEVER, "esa clase de mensaje no se admite"),
    131056: Refusal(_LATER, "demasiados mensajes al mismo número"),
    132000: Refusal(_NEVER, "los datos no son los que pide la plantilla"),
    132001: Refusal(_NEVER, "esa plantilla no existe en ese idioma o no está aprobada"),
    132005: Refusal(_NEVER, "el texto con sus datos es demasiado largo"),
    132007: Refusal(_NEVER, "la plantilla va contra las normas de WhatsApp"),
    132012: Refusal(_NEVER, "los datos no son los que pide la plantilla"),
    132015: Refusal(_NEVER, "WhatsApp ha puesto la plantilla en pausa"),
    132016: Refusal(_NEVER, "WhatsApp ha retirado la plantilla"),
    133010: Refusal(_DOWN, "el número de la empresa no está registrado"),
}


@dataclass(frozen=True, slots=True, repr=False)
class MetaAccount:
    """phone_number_id: Meta's own id of the company's number. version: of the Graph API."""

    phone_number_id: str
    access_token: str
    base_url: str = BASE_URL
    version: str = VERSION
    timeout_seconds: float = 30.0


class MetaWhatsApp(ProviderTransport):
    """approved: our template → what was approved for it, by its name and language."""

    name = "WhatsApp (Meta)"

    def __init__(self, account: MetaAccount, approved: Mapping[str, Approved], in_session: InSession) -> None:
        login = Bearer(account.access_token)
        super().__init__(Http(account.base_url, login, timeout_seconds=account.timeout_seconds))
        self.account = account
        self._approved, self._in_session = approved, in_session

    @property
    def probe(self) -> str:
        """Whose token it is: needs no further right."""
        return f"/{self.account.version}/me?fields=id"

    def handover(self, mail: Mail) -> Handover | NotSent:
        """One message to one number."""
        content = self._content(mail)
        if isinstance(content, NotSent):
            return content
        said = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": mail.recipient.removeprefix("+"),
            "biz_opaque_callback_data": mail.message_id.strip("<>"),
            **content,
        }
        return Handover(
            path=f"/{self.account.version}/{self.account.phone_number_id}/messages",
            content=json.dumps(said, ensure_ascii=False).encode(),
            content_type="application/json",
        )

    def _content(self, mail: Mail) -> dict[str, Any] | NotSent:
        approved = self._approved.get(mail.template)
        if approved is None:
            if not self._in_session(mail.recipient):
                return NO_TEMPLATE
            return {"type": "text", "text": {"body": mail.text, "preview_url": False}}
        values = parameters(approved, mail.values)
        refused = lacking(approved.name, dict(values))
        if refused is not None:
            return refused
        said: dict[str, Any] = {"name": approved.name, "language": {"code": approved.language}}
        if values:
            told = [{"type": "text", "text": value} for _name, value in values]
            said["components"] = [{"type": "body", "parameters": told}]
        return {"type": "template", "template": said}

    def provider_id(self, answer: Answer) -> str:
        """The id of the first message, `wamid.…`."""
        messages = (answer.said or {}).get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        found = first.get("id") if isinstance(first, dict) else None
        return found if isinstance(found, str) else ""

    def refusal(self, answer: Answer) -> Refusal | None:
        """By the code of its error."""
        error = (answer.said or {}).get("error")
        code = error.get("code") if isinstance(error, dict) else None
        return meaning_of(code) if isinstance(code, int) else None


def meaning_of(code: int) -> Refusal:
    """What an error of that code means; permissions are a range of their own."""
    return known_refusal({**CODES, code: CODES[10]} if 200 <= code <= 299 else CODES, code)
