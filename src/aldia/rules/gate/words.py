"""What each refusal is called and how it is told, in Spanish: one place for screens and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aldia.rules.gate.values import PORTFOLIO_REASONS, GateRule, Refused
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.words import REASON_WORDS, day_text, days_text


@dataclass(frozen=True, slots=True)
class RuleWords:
    """label: for lists. plain: the sentence, with places for its figures."""

    label: str
    plain: str


RULE_WORDS: Mapping[str, RuleWords] = {
    GateRule.HOUSE_LOCKED: RuleWords(
        "Envíos bloqueados",
        "No sale nada: tras restaurar una copia, una persona tiene que comprobar antes qué se envió.",
    ),
    GateRule.DECEASED: RuleWords("Fallecido", "No se le escribe: el cliente ha fallecido."),
    GateRule.ERASED: RuleWords(
        "Datos bloqueados", "No se le escribe: sus datos están bloqueados o suprimidos a petición suya."
    ),
    GateRule.MINOR: RuleWords("Menor de edad", "No se escribe a un menor de edad."),
    GateRule.REPRESENTED: RuleWords(
        "Con representante",
        "No se le escribe: se trata solo con su abogado o asesor, y de él no consta cómo por {canal}.",
    ),
    GateRule.DISCHARGED: RuleWords(
        "Deuda exonerada", "No se le escribe: un juez le ha exonerado de esta deuda."
    ),
    GateRule.COMPLAINT: RuleWords(
        "En consumo", "No se le escribe: hay una reclamación suya ante un organismo de consumo."
    ),
    GateRule.IN_SUIT: RuleWords("En vía judicial", "No se le escribe: la deuda está en los tribunales."),
    GateRule.ASSIGNED: RuleWords("Cedida", "No se le escribe: la deuda se ha cedido a otro."),
    GateRule.PLACED: RuleWords("En una agencia", "No se le escribe: la gestiona una agencia."),
    GateRule.OPTED_OUT: RuleWords(
        "No quiere este canal", "No se le escribe por {canal}: pidió que no se usara."
    ),
    GateRule.NO_CONSENT: RuleWords(
        "Sin autorización", "No se le escribe por {canal}: hace falta su autorización y no consta."
    ),
    GateRule.PAID: RuleWords("Pagado", "Ya no debe nada de lo que decía este mensaje."),
    GateRule.PROMISE: RuleWords("Compromiso abierto", "No se le escribe: prometió pagar hasta el {hasta}."),
    GateRule.PLAN: RuleWords("Plan en vigor", "No se le escribe: tiene un plan de pagos en vigor."),
    GateRule.SUPERSEDED: RuleWords("Otro paso en su lugar", "Hoy toca otro paso en lugar de este."),
    GateRule.NO_LONGER_APPLIES: RuleWords(
        "Ya no procede", "El aviso ya no procede: pasó el momento para el que se hizo."
    ),
    GateRule.NO_TEXT: RuleWords(
        "Sin texto", "No hay ningún texto para este paso y este canal: escríbalo en los ajustes."
    ),
    GateRule.UNFOUNDED: RuleWords(
        "Anuncia lo que no se hace",
        "El texto de este paso anuncia {consecuencia}, y todavía no puede hacerse: no sale mientras sea así.",
    ),
    GateRule.SENDING_STOPPED: RuleWords("Envíos parados", "No sale nada: alguien ha parado los envíos."),
    GateRule.BRAKE_HELD: RuleWords(
        "Frenado", "El proceso que lo planeó está frenado: espera el sí de una persona."
    ),
    GateRule.NOT_APPROVED: RuleWords("Por aprobar", "Este paso sale solo cuando una persona lo aprueba."),
    GateRule.AREA_HOLD: RuleWords("Zona en pausa", "No se escribe a su zona hasta el {hasta}: {motivo}."),
    GateRule.UNREAD_REPLY: RuleWords(
        "Respuesta sin mirar", "Contestó el {contesto} y nadie lo ha mirado todavía: está en la Bandeja."
    ),
    GateRule.SALESPERSON_FIRST: RuleWords(
        "Antes, el comercial", "Antes lo sabe {comercial}, que puede llamarle: sale a partir del {desde}."
    ),
    GateRule.BANK_DATA_STALE: RuleWords(
        "Cobros sin actualizar",
        "No se reclama con datos viejos: los cobros están al día hasta el {banco} y se admiten {laborables}.",
    ),
    GateRule.NO_ADDRESS: RuleWords("Sin dirección", "No hay ninguna dirección válida para {canal}."),
    GateRule.CUSTOMER_CAP: RuleWords("Tope de contactos", "Ya se le ha escrito lo que cabe: {tope}."),
    GateRule.ADDRESS_CAP: RuleWords(
        "Tope de la dirección", "A esa dirección ya se ha escrito lo que cabe entre todos: {tope}."
    ),
    GateRule.ONE_CHANNEL: RuleWords(
        "Un solo canal", "Esta semana ya se ha usado {canal} con él, y no cabe otro canal."
    ),
    GateRule.CREDITOR_CAP: RuleWords(
        "Tope del día", "Hoy ya han salido los {maximo} mensajes que se envían como máximo en un día."
    ),
    GateRule.HOLIDAY: RuleWords("Festivo", "Hoy es festivo donde vive el cliente."),
    GateRule.WEEKEND: RuleWords("Fin de semana", "No se escribe en fin de semana."),
    GateRule.HOLIDAY_EVE: RuleWords(
        "Víspera de festivo", "Mañana es festivo donde vive el cliente: hoy no sale nada de tono firme."
    ),
    GateRule.WINDOW: RuleWords(
        "Fuera de horario", "Ahora no se le escribe: está fuera del horario de contacto."
    ),
}
"""Rule → label and sentence; the portfolio's own reasons have theirs in `rules/portfolio/words.py`."""

_AGAIN = "Se vuelve a mirar el {dia} a las {hora}."

_CHANNELS = {
    "email": "correo electrónico",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "letter": "carta",
    "certified": "carta certificada",
    "call": "teléfono",
}


def rule_label(rule: str) -> str:
    """The words for a list; the code itself where it is not a rule of the gate."""
    if rule in PORTFOLIO_REASONS:
        return REASON_WORDS[Reason(rule)].label
    return RULE_WORDS[rule].label if rule in RULE_WORDS else rule


def refusal_sentence(refused: Refused) -> str:
    """The refusal in one or two sentences: why, and when it is looked at again.

    A rule that is none of the gate's is told by the sentence among its facts.
    """
    why = _plain(refused.rule).format_map(_values(refused.facts))
    if refused.rule == GateRule.WINDOW and "opens" in refused.facts:
        hours = "de {opens} a {closes}, hora del cliente".format_map(refused.facts)
        why = f"Ahora no se le escribe: el horario de contacto es {hours}."
    if refused.facts.get("national"):
        why = f"{why} No consta su región: se cuentan los festivos nacionales."
    if refused.retry_at is None:
        return why
    return f"{why} {again_text(refused.retry_at, refused.facts, _AGAIN)}"


def sentence_of(template: str, facts: Mapping[str, Any]) -> str:
    """The template with the figures of a refusal in its places."""
    return template.format_map(_values(facts))


def _plain(rule: str) -> str:
    if rule in PORTFOLIO_REASONS:
        return REASON_WORDS[Reason(rule)].plain
    return RULE_WORDS[rule].plain if rule in RULE_WORDS else "{dicho}"


def _values(facts: Mapping[str, Any]) -> dict[str, str]:
    days, apart = facts.get("days", 0), facts.get("apart", 0)
    times = facts.get("times", 0)
    cap = f"{'una vez' if times == 1 else f'{times} veces'} en {days_text(days)}"
    return {
        "dicho": str(facts.get("sentence", "No ha salido.")),
        "canal": _CHANNELS.get(str(facts.get("channel")), "este canal"),
        "hasta": _day(facts.get("until")),
        "motivo": str(facts.get("reason") or "está en pausa").rstrip("."),
        "contesto": _day(facts.get("answered_on")),
        "consecuencia": str(facts.get("consequence") or "una consecuencia"),
        "comercial": str(facts.get("salesperson") or "su comercial"),
        "desde": _day(facts.get("from")),
        "banco": _day(facts.get("bank_data_on")),
        "laborables": _working_days(facts.get("days_max", 0)),
        "tope": f"{cap}, con {days_text(apart)} entre medias" if apart else cap,
        "maximo": str(facts.get("most")),
        "abre": str(facts.get("opens")),
        "cierra": str(facts.get("closes")),
    }


def _working_days(days: int) -> str:
    return "1 día laborable" if days == 1 else f"{days} días laborables"


def _day(iso: str | None) -> str:
    return day_text(date.fromisoformat(iso)) if iso else "(sin fecha)"


def again_text(retry_at: datetime, facts: Mapping[str, Any], template: str) -> str:
    """The moment of the next look in the customer's own time. template: with places for `dia` and `hora`."""
    local = retry_at.astimezone(ZoneInfo(facts.get("zone", "UTC")))
    return template.format(dia=day_text(local.date()), hora=f"{local:%H:%M}")
