"""Every kind of text: when in the life of a debt it is said, in which tone, and what it has to speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aldia.rules.texts.placeholders import Use


class Moment(StrEnum):
    """When in the life of a debt a text is said."""

    BEFORE = "before"
    REMINDERS = "reminders"
    PROMISES = "promises"
    DEMANDS = "demands"
    END = "end"
    ANSWERS = "answers"


MOMENTS: Mapping[Moment, str] = {
    Moment.BEFORE: "Antes del vencimiento",
    Moment.REMINDERS: "Recordatorios",
    Moment.PROMISES: "Promesas, planes y pagos",
    Moment.DEMANDS: "Reclamaciones",
    Moment.END: "Al final",
    Moment.ANSWERS: "Incidencias y datos de contacto",
}
"""Moment → its heading, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of text.

    template: as strategies name it. tone: amable, cercano, firme, formal. provides: what it has to speak of.
    is_demand: asks for money that is late; a country may want more said in it. is_confidential: kept apart
    from what is shown to others, also to a court. announces: the consequence (a code of `rules/respect`) that
    the whole text is about, "" where it is but a line that falls away.
    """

    template: str
    title: str
    moment: Moment
    tone: str
    provides: frozenset[Use]
    is_demand: bool = False
    is_confidential: bool = False
    announces: str = ""


_NOTHING: frozenset[Use] = frozenset()
_DEBT = frozenset({Use.DEBT})
_STEP = frozenset({Use.DEBT, Use.STEPS})
_BALANCE = _DEBT | {Use.BALANCE}


def _demand(template: str, title: str, moment: Moment, tone: str, *more: Use, announces: str = "") -> Kind:
    return Kind(template, title, moment, tone, _STEP | set(more), is_demand=True, announces=announces)


_ALL = (
    Kind("delivery", "Envío de la factura", Moment.BEFORE, "amable", _DEBT),
    Kind("acceptance", "Petición de conformidad", Moment.BEFORE, "amable", _DEBT | {Use.ANSWER}),
    Kind("registration", "Petición del número de registro", Moment.BEFORE, "formal", _DEBT),
    Kind("statement", "Extracto de cuenta", Moment.BEFORE, "amable", _BALANCE),
    Kind(
        "balance_confirmation",
        "Conformidad con el saldo",
        Moment.BEFORE,
        "formal",
        _BALANCE | {Use.ANSWER},
    ),
    Kind("courtesy", "Contacto de cortesía", Moment.BEFORE, "amable", _NOTHING),
    Kind("pre_due", "Aviso antes del vencimiento", Moment.BEFORE, "amable", _DEBT),
    Kind("due_today", "Aviso del vencimiento", Moment.BEFORE, "amable", _DEBT),
    _demand("friendly", "Recordatorio amable", Moment.REMINDERS, "amable"),
    _demand("second", "Segundo recordatorio", Moment.REMINDERS, "cercano"),
    _demand("phone_call", "Guion de la llamada", Moment.REMINDERS, "cercano"),
    _demand("phone_call_stalling", "Llamada a quien lo va dejando", Moment.REMINDERS, "cercano"),
    _demand("phone_call_careless", "Llamada a quien se le pasa", Moment.REMINDERS, "amable"),
    _demand("phone_call_chronic", "Llamada a quien siempre paga tarde", Moment.REMINDERS, "cercano"),
    _demand("phone_call_illiquid", "Llamada a quien ahora no puede", Moment.REMINDERS, "cercano"),
    _demand("easy_pay", "Facilidades para pagar", Moment.REMINDERS, "amable"),
    _demand("arrange_ahead", "Propuesta de domiciliar o adelantar", Moment.REMINDERS, "amable"),
    _demand("fixed_date", "Petición de una fecha", Moment.REMINDERS, "cercano"),
    _demand("solve_first", "En la llamada: resolver lo que no está bien", Moment.REMINDERS, "cercano"),
    Kind("wrong_person", "En la llamada: contesta otra persona", Moment.REMINDERS, "amable", _NOTHING),
    Kind("voicemail", "En la llamada: buzón de voz", Moment.REMINDERS, "amable", _NOTHING),
    _demand("public_status", "Administraciones: consulta del estado", Moment.REMINDERS, "amable"),
    _demand("public_second", "Administraciones: recordatorio", Moment.REMINDERS, "cercano"),
    Kind("promise_receipt", "Compromiso de pago anotado", Moment.PROMISES, "amable", _DEBT | {Use.PROMISE}),
    Kind("promise_reminder", "Víspera del compromiso", Moment.PROMISES, "amable", _DEBT | {Use.PROMISE}),
    _demand("promise_broken", "Compromiso sin cumplir", Moment.PROMISES, "firme", Use.PROMISE),
    _demand("plan_offer", "Propuesta de pago a plazos", Moment.PROMISES, "cercano"),
    Kind("plan_confirmation", "Plan de pagos acordado", Moment.PROMISES, "amable", _DEBT | {Use.PLAN}),
    Kind(
        "instalment_reminder",
        "Aviso de un plazo del plan",
        Moment.PROMISES,
        "amable",
        _DEBT | {Use.PLAN, Use.INSTALMENT},
    ),
    Kind("payment_received", "Gracias por el pago", Moment.PROMISES, "amable", _DEBT | {Use.PAYMENT}),
    _demand("firm", "Aviso firme", Moment.DEMANDS, "firme"),
    _demand("formal_demand", "Requerimiento de pago", Moment.DEMANDS, "formal"),
    _demand(
        "suspension_notice",
        "Aviso de suspensión del servicio",
        Moment.DEMANDS,
        "formal",
        Use.SERVICE,
        announces="suspension",
    ),
    _demand("public_claim", "Administraciones: reclamación de pago", Moment.DEMANDS, "formal"),
    _demand("public_silence", "Administraciones: reclamación sin respuesta", Moment.DEMANDS, "formal"),
    _demand("last_notice", "Último aviso", Moment.END, "formal"),
    Kind(
        "negotiation",
        "Invitación a negociar antes de demandar (España)",
        Moment.END,
        "formal",
        _STEP | {Use.ANSWER},
        is_demand=True,
        is_confidential=True,
    ),
    Kind("service_restored", "Servicio reactivado", Moment.END, "amable", frozenset({Use.SERVICE})),
    Kind("goodwill", "Gracias por ponerse al día", Moment.END, "amable", _NOTHING),
    Kind("dispute_received", "Incidencia recibida", Moment.ANSWERS, "amable", _DEBT | {Use.DISPUTE}),
    Kind("dispute_closed", "Incidencia cerrada", Moment.ANSWERS, "cercano", _DEBT | {Use.DISPUTE}),
    Kind("fix_contact", "Confirmar los datos de contacto", Moment.ANSWERS, "amable", _NOTHING),
    Kind("copy", "Envío de una copia", Moment.ANSWERS, "amable", _DEBT),
    Kind("opt_out", "Baja de mensajes anotada", Moment.ANSWERS, "amable", _NOTHING),
)

KINDS: Mapping[str, Kind] = {each.template: each for each in _ALL}
"""Template → its kind, in the order of the page."""

TITLES: Mapping[str, str] = {each.template: each.title for each in _ALL}

EASY = "easy_pay"
"""The kind of text that brings a calendar entry for the new date to pay by."""

SPOKEN_TO_OTHERS = frozenset({"wrong_person", "voicemail"})
"""Scripts that somebody else may hear: they name neither debt nor document."""

CHANNELS: Mapping[str, str] = {
    "email": "correo",
    "letter": "carta",
    "certified": "carta certificada",
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "call": "llamada",
}

FORMS: Mapping[str, str] = {"usted": "usted", "tu": "tú", "vos": "vos"}

LANGUAGES: Mapping[str, str] = {
    "es": "español",
    "en": "inglés",
    "ca": "catalán",
    "gl": "gallego",
    "eu": "euskera",
}
"""Languages a text may be written in; which of them the house has texts in, its files say."""

FALLBACK_LANGUAGE = "es"
FALLBACK_FORM = "usted"
_WITHOUT_FORMS = frozenset({"en"})


def base_language(tag: str) -> str:
    """«en» of «en-GB»; Spanish for a language nobody writes texts in."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    return code if code in LANGUAGES else FALLBACK_LANGUAGE


def has_forms(language: str) -> bool:
    """False for a language with but one way to say «you»."""
    return language not in _WITHOUT_FORMS


def form_in(language: str, form: str) -> str:
    """The form of address a text is kept under: in English always the same."""
    return form if has_forms(language) else FALLBACK_FORM


def provided_by(template: str) -> frozenset[Use]:
    """What a text of the template has to speak of; a template of the creditor's own is a reminder."""
    return KINDS[template].provides if template in KINDS else _STEP


def provided_to(*, is_step: bool) -> frozenset[Use]:
    """What words written for one message may speak of; a line in which it has nothing to say falls away."""
    return frozenset(Use) if is_step else frozenset(Use) - {Use.STEPS}


def is_step_text(template: str) -> bool:
    """True for reminders and demands, which may name delay, deadline and interest."""
    return Use.STEPS in provided_by(template)


def is_demand(template: str) -> bool:
    """True where money that is late is asked for; so of a creditor's own template too."""
    return KINDS[template].is_demand if template in KINDS else True


def announced_by(template: str) -> str:
    """The consequence that such a text is about, "" for none; the guard reads those of the creditor's own."""
    return KINDS[template].announces if template in KINDS else ""


def title_of(template: str) -> str:
    """The words for a list; a template of the creditor's own bears its own name."""
    return TITLES.get(template, template)
