"""The published list of what a text may name. Nothing else can be put into a message. docs/rules/texts.md."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

NAMED = re.compile(r"\{([a-z_]+)\}")
"""How a text names a placeholder, known or not."""


class Use(StrEnum):
    """What a text has to speak of for a placeholder to mean something in it."""

    EVERYWHERE = "everywhere"
    DEBT = "debt"  # documents and amounts
    STEPS = "steps"  # reminders and demands: delay, deadline, what is claimed for it, what follows
    BALANCE = "balance"
    ANSWER = "answer"  # a day until which an answer is awaited
    PROMISE = "promise"
    PLAN = "plan"
    INSTALMENT = "instalment"
    PAYMENT = "payment"
    DISPUTE = "dispute"
    SERVICE = "service"


ONLY_IN: Mapping[Use, str] = {
    Use.DEBT: "donde se habla de documentos e importes",
    Use.STEPS: "en recordatorios y reclamaciones",
    Use.BALANCE: "en extractos y en la conformidad con el saldo",
    Use.ANSWER: "donde se espera una respuesta",
    Use.PROMISE: "en los textos de compromisos de pago",
    Use.PLAN: "en los textos de planes de pago",
    Use.INSTALMENT: "en los recordatorios de un plazo de un plan",
    Use.PAYMENT: "al dar las gracias por un pago",
    Use.DISPUTE: "en los textos de incidencias",
    Use.SERVICE: "en los avisos de suspensión y reactivación",
}
"""Use → where it serves, for the sentence that refuses it elsewhere."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One name between braces.

    meaning: Spanish, for the page that edits texts. example: what it may become. use: in which texts.
    block: fills lines of its own, so it stands alone on its line and never in a subject or a short message.
    """

    name: str
    meaning: str
    example: str
    use: Use = Use.EVERYWHERE
    block: bool = False


_LINES = "Factura F-2026/118 · venció el 05/11/2026 · 15 días de retraso · 340,00 €\nTotal: 340,00 €"
_PLAN = "Plazo 1 de 2 · 05/12/2026 · 170,00 €\nPlazo 2 de 2 · 05/01/2027 · 170,00 €\nTotal: 340,00 €"
_RIGHTS = (
    "Tiene derecho a pedirnos una copia escrita de esta cuenta. Este mensaje no es una actuación judicial."
)

_ALL = (
    Placeholder("saludo", "saludo con el nombre, según el tratamiento y el tono", "Hola, Marta Gómez:"),
    Placeholder("cliente", "nombre del cliente", "Talleres Gómez, S.L."),
    Placeholder("contacto", "nombre de la persona a quien se escribe", "Marta Gómez"),
    Placeholder("codigo", "código del cliente", "C0117"),
    Placeholder("acreedor", "nombre de su empresa", "Papelería Luz"),
    Placeholder("nif", "NIF de su empresa", "B12345674"),
    Placeholder("telefono", "teléfono de su empresa", "910 000 000"),
    Placeholder("gestor", "persona que lleva el cliente", "Inés Luz"),
    Placeholder("fecha", "fecha del envío", "20 de noviembre de 2026"),
    Placeholder("responder", "cómo contestar, según el canal y el tratamiento", "responda a este correo"),
    Placeholder("firma", "quien firma: gestor, empresa y teléfono", "Inés Luz\nPapelería Luz", block=True),
    Placeholder("extracto", "cómo se llama en su país el extracto de cuenta", "extracto de cuenta"),
    Placeholder("plan", "cómo se llama en su país un plan de pagos", "plan de pagos"),
    Placeholder("cuota", "cómo se llama en su país cada pago de un plan", "plazo"),
    Placeholder("incidencia", "cómo se llama en su país una disconformidad del cliente", "incidencia"),
    Placeholder(
        "partidas", "lista de lo que se debe, con el total de cada moneda", _LINES, Use.DEBT, block=True
    ),
    Placeholder("documentos", "números de las facturas o recibos", "F-2026/118 y F-2026/131", Use.DEBT),
    Placeholder("documento", "cómo se llama lo que usted emite: factura, recibo…", "facturas", Use.DEBT),
    Placeholder("su_documento", "lo mismo con «su» o «tu» delante", "sus facturas", Use.DEBT),
    Placeholder("total", "importe pendiente de lo que se nombra, por moneda", "340,00 €", Use.DEBT),
    Placeholder("vencimiento", "fecha de vencimiento más antigua", "5 de noviembre de 2026", Use.DEBT),
    Placeholder(
        "como_pagar",
        "cómo pagar, tal como está en los ajustes",
        "Por transferencia a la cuenta que figura en sus facturas, indicando el número.",
        Use.DEBT,
        block=True,
    ),
    Placeholder(
        "copias",
        "qué copias van adjuntas y de cuáles hay un enlace; si no se pone, va tras {partidas}",
        "Factura F-2026/118: copia adjunta",
        Use.DEBT,
        block=True,
    ),
    Placeholder(
        "enlaces",
        "direcciones de las copias, para mensajes cortos; nada si no hay",
        "https://facturas.example/F-2026-118.pdf",
        Use.DEBT,
    ),
    Placeholder("dias", "días de retraso de lo más antiguo", "15 días", Use.STEPS),
    Placeholder("retraso", "lo mismo, con la palabra de su país", "15 días de retraso", Use.STEPS),
    Placeholder("plazo", "nueva fecha para pagar que da el paso", "27 de noviembre de 2026", Use.STEPS),
    Placeholder("intereses", "intereses de demora que se reclaman", "1,42 €", Use.STEPS),
    Placeholder(
        "nombre_intereses", "cómo se llaman en su país, si se reclaman", "Intereses de demora", Use.STEPS
    ),
    Placeholder("compensacion", "compensación por costes de cobro que se reclama", "40,00 €", Use.STEPS),
    Placeholder("total_con_intereses", "total con lo que se reclama por demora", "381,42 €", Use.STEPS),
    Placeholder("norma", "ley por la que se reclama la demora", "la Ley 3/2004", Use.STEPS),
    Placeholder(
        "consecuencia",
        "lo que sigue si no hay acuerdo, solo si la estrategia de verdad lo hace",
        "encargaremos la gestión a una empresa de cobro",
        Use.STEPS,
    ),
    Placeholder(
        "derechos", "lo que su país obliga a decir a quien se reclama", _RIGHTS, Use.STEPS, block=True
    ),
    Placeholder("saldo", "saldo a la fecha del extracto, por moneda", "340,00 €", Use.BALANCE),
    Placeholder("fecha_saldo", "fecha del saldo", "31 de octubre de 2026", Use.BALANCE),
    Placeholder(
        "fecha_respuesta", "día hasta el que se espera la respuesta", "20 de diciembre de 2026", Use.ANSWER
    ),
    Placeholder("importe_compromiso", "importe que el cliente dijo que pagaría", "340,00 €", Use.PROMISE),
    Placeholder("fecha_compromiso", "día en que dijo que pagaría", "27 de noviembre de 2026", Use.PROMISE),
    Placeholder("cuotas", "lista de los pagos del plan, con su total", _PLAN, Use.PLAN, block=True),
    Placeholder("numero_de_cuotas", "en cuántos pagos", "2", Use.PLAN),
    Placeholder("total_plan", "importe de todo el plan", "340,00 €", Use.PLAN),
    Placeholder("importe_cuota", "importe del pago que toca", "170,00 €", Use.INSTALMENT),
    Placeholder("fecha_cuota", "día del pago que toca", "5 de diciembre de 2026", Use.INSTALMENT),
    Placeholder("numero_cuota", "qué pago del plan toca", "1 de 2", Use.INSTALMENT),
    Placeholder("importe_pago", "importe recibido", "340,00 €", Use.PAYMENT),
    Placeholder("fecha_pago", "día en que se recibió", "19 de noviembre de 2026", Use.PAYMENT),
    Placeholder("resto", "lo que queda por pagar; nada si está todo", "100,00 €", Use.PAYMENT),
    Placeholder(
        "certificado",
        "cómo se llama en su país el papel de que no se debe nada; solo si está todo pagado",
        "un certificado de estar al corriente",
        Use.PAYMENT,
    ),
    Placeholder("motivo_incidencia", "qué dijo el cliente que no está bien", "faltaba una caja", Use.DISPUTE),
    Placeholder("resultado_incidencia", "cómo se resolvió", "abonamos la caja que faltaba", Use.DISPUTE),
    Placeholder("servicio", "el servicio de que se trata", "la línea 910 000 000", Use.SERVICE),
    Placeholder(
        "fecha_suspension",
        "desde cuándo se suspende, si se va a hacer",
        "5 de diciembre de 2026",
        Use.SERVICE,
    ),
    Placeholder(
        "reactivacion", "cómo se llama en su país volver a dar el servicio", "reactivación", Use.SERVICE
    ),
)

PLACEHOLDERS: Mapping[str, Placeholder] = {each.name: each for each in _ALL}
"""Name → placeholder, in the order of the page."""


def allowed_in(provides: Collection[Use]) -> frozenset[str]:
    """The names a text may use that has these things to speak of."""
    return frozenset(
        name for name, each in PLACEHOLDERS.items() if each.use is Use.EVERYWHERE or each.use in provides
    )
