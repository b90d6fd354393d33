"""The published list of what a text may name. Nothing else can be put into a message. docs/rules/texts.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """Which texts may name a placeholder."""

    EVERYWHERE = "everywhere"
    STEPS = "steps"  # reminders and demands; not the notices about one document


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
    Placeholder("partidas", "lista de lo que se debe, con el total de cada moneda", _LINES, block=True),
    Placeholder("documentos", "números de las facturas o recibos", "F-2026/118 y F-2026/131"),
    Placeholder("total", "importe pendiente de lo que se nombra, por moneda", "340,00 €"),
    Placeholder("vencimiento", "fecha de vencimiento más antigua", "5 de noviembre de 2026"),
    Placeholder("dias", "días de retraso de lo más antiguo", "15 días", Use.STEPS),
    Placeholder("plazo", "nueva fecha para pagar que da el paso", "27 de noviembre de 2026", Use.STEPS),
    Placeholder("intereses", "intereses de demora que se reclaman", "1,42 €", Use.STEPS),
    Placeholder("compensacion", "compensación por costes de cobro que se reclama", "40,00 €", Use.STEPS),
    Placeholder("total_con_intereses", "total con lo que se reclama por demora", "381,42 €", Use.STEPS),
    Placeholder("norma", "ley por la que se reclama la demora", "la Ley 3/2004", Use.STEPS),
    Placeholder(
        "como_pagar",
        "cómo pagar, tal como está en los ajustes",
        "Por transferencia a la cuenta que figura en sus facturas, indicando el número.",
        block=True,
    ),
    Placeholder("responder", "cómo contestar, según el canal y el tratamiento", "responda a este correo"),
    Placeholder("firma", "quien firma: gestor, empresa y teléfono", "Inés Luz\nPapelería Luz", block=True),
)

PLACEHOLDERS: Mapping[str, Placeholder] = {each.name: each for each in _ALL}
"""Name → placeholder, in the order of the page."""


def allowed_in(kind_is_step: bool) -> frozenset[str]:
    """The names a text may use."""
    return frozenset(
        name for name, each in PLACEHOLDERS.items() if kind_is_step or each.use is Use.EVERYWHERE
    )
