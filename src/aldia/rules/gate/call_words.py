"""The gate's refusals as they are told of a call: nobody is written to."""

from collections.abc import Mapping
from dataclasses import replace

from aldia.rules.gate.values import GateRule, Refused
from aldia.rules.gate.words import again_text, refusal_sentence, sentence_of
from aldia.rules.portfolio.reasons import Reason

CALL_SENTENCES: Mapping[str, str] = {
    GateRule.HOUSE_LOCKED: "No se llama: tras restaurar una copia, hay que comprobar antes qué se hizo ya.",
    GateRule.DECEASED: "No se le llama: el cliente ha fallecido.",
    GateRule.ERASED: "No se le llama: sus datos están bloqueados o suprimidos a petición suya.",
    GateRule.MINOR: "No se llama a un menor de edad.",
    GateRule.REPRESENTED: "No se le llama: se trata solo con su abogado, y de él no consta teléfono.",
    Reason.INSOLVENT: "No se le llama: está en concurso, y se trata con su administración concursal.",
    GateRule.DISCHARGED: "No se le llama: un juez le ha exonerado de esta deuda.",
    GateRule.COMPLAINT: "No se le llama: hay una reclamación suya ante un organismo de consumo.",
    GateRule.IN_SUIT: "No se le llama: la deuda está en los tribunales.",
    GateRule.ASSIGNED: "No se le llama: la deuda se ha cedido a otro.",
    GateRule.PLACED: "No se le llama: la gestiona una agencia.",
    GateRule.OPTED_OUT: "No se le llama: pidió que no se usara el teléfono.",
    GateRule.NO_CONSENT: "No se le llama: hace falta su autorización y no consta.",
    GateRule.PAID: "No se le llama: ya no debe nada.",
    GateRule.PROMISE: "No se le llama: prometió pagar hasta el {hasta}.",
    GateRule.PLAN: "No se le llama: tiene un plan de pagos en vigor.",
    Reason.ON_HOLD: "No se le llama: está en pausa.",
    GateRule.AREA_HOLD: "No se llama a su zona hasta el {hasta}: {motivo}.",
    GateRule.BANK_DATA_STALE: (
        "No se reclama con datos viejos: los cobros están al día hasta el {banco} y se admiten {laborables}."
    ),
    GateRule.NO_ADDRESS: "No consta ningún teléfono válido.",
    GateRule.CUSTOMER_CAP: "Ya se ha contactado con él lo que cabe: {tope}.",
    GateRule.ONE_CHANNEL: "Esta semana ya se ha usado {canal} con él, y no cabe llamarle además.",
    GateRule.WEEKEND: "No se llama en fin de semana.",
    GateRule.HOLIDAY_EVE: "Mañana es festivo donde vive el cliente: hoy no se llama en tono firme.",
    GateRule.WINDOW: "Ahora no se le llama: está fuera del horario de contacto.",
}
"""Rule → what is said of a call; those not named here say the same of both."""

_FROM = "Se le puede llamar desde el {dia} a las {hora}."
_HOURS = "Ahora no se le llama: el horario de contacto es de {abre} a {cierra}, hora del cliente."


def call_refusal_sentence(refused: Refused) -> str:
    """Why the customer is not called now, and from when they may be."""
    if refused.rule == GateRule.WINDOW and "opens" in refused.facts:
        why = sentence_of(_HOURS, refused.facts)
    elif refused.rule in CALL_SENTENCES:
        why = sentence_of(CALL_SENTENCES[refused.rule], refused.facts)
    else:
        why = refusal_sentence(replace(refused, retry_at=None))
    if refused.retry_at is None:
        return why
    return f"{why} {again_text(refused.retry_at, refused.facts, _FROM)}"
