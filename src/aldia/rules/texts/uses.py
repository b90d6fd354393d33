"""Which templates speak of one document before it is late, and what each text is called on screen."""

from collections.abc import Mapping

NOTICES = frozenset({"delivery", "acceptance", "registration", "pre_due", "due_today"})

TITLES: Mapping[str, str] = {
    "delivery": "Envío de la factura",
    "acceptance": "Petición de conformidad",
    "registration": "Petición del número de registro",
    "pre_due": "Aviso antes del vencimiento",
    "due_today": "Aviso del vencimiento",
    "friendly": "Recordatorio amable",
    "second": "Segundo recordatorio",
    "plan_offer": "Propuesta de pago a plazos",
    "phone_call": "Guion de la llamada",
    "firm": "Aviso firme",
    "formal_demand": "Requerimiento de pago",
    "last_notice": "Último aviso",
    "public_status": "Administraciones: consulta del estado",
    "public_second": "Administraciones: recordatorio",
    "public_claim": "Administraciones: reclamación de pago",
    "public_silence": "Administraciones: reclamación sin respuesta",
}

CHANNELS: Mapping[str, str] = {
    "email": "correo",
    "letter": "carta",
    "certified": "carta certificada",
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "call": "llamada",
}

FORMS: Mapping[str, str] = {"usted": "usted", "tu": "tú", "vos": "vos"}


def is_step_text(template: str) -> bool:
    """True for reminders and demands, which may name delay, deadline and interest."""
    return template not in NOTICES


def title_of(template: str) -> str:
    """The words for a list; a template of the creditor's own bears its own name."""
    return TITLES.get(template, template)
