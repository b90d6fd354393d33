"""What each entry of a customer's timeline says: title, detail and state in Spanish words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from aldia.records.cases.models import (
    CallKind,
    CaseEventKind,
    CaseState,
    NonPaymentReason,
    PaymentMethod,
    Priority,
    PromiseSource,
    PromiseVerdict,
    Reached,
    TaskState,
)
from aldia.records.ledger.models import (
    CreditKind,
    DocumentKind,
    OverlayKind,
    ReversalKind,
)
from aldia.records.outreach.models import (
    CertifiedEventKind,
    ContactKind,
    DeliveryState,
    DispatchState,
    InboundKind,
    InboundState,
    LetterState,
    MessageChannel,
    MessageKind,
    MessageState,
    ReplyKind,
)
from aldia.records.parties.models import (
    Channel,
    CircumstanceKind,
    ConsentChannel,
    ConsentSource,
    ConsentState,
)
from aldia.rules.outcomes import SHIPPED, labels_of
from aldia.rules.portfolio.kind_words import kind_label
from aldia.rules.portfolio.words import day_text, outcome_label

Words = tuple[str, str, str]

SIGN = "\x1f"
"""Between the parts of a detail."""
_REVERSED = {"credit": "cobro", "due_line": "partida", "refund": "devolución", "allocation": "aplicación"}


def words_of(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    """Title, detail and state of a row of the timeline. titles: of steps and notices, by id."""
    return _WORDS[row["kind"]](row, titles)


def _invoice(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(DocumentKind(row["code"]).label), row["detail"], ""


def _money(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(CreditKind(row["code"]).label), row["detail"], ""


def _reversal(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(ReversalKind(row["code"]).label), _REVERSED[row["detail"]], ""


def _refund(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return "Devolución al cliente", row["detail"], ""


def _overlay(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(OverlayKind(row["code"]).label), row["detail"], ""


def _overlay_end(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(OverlayKind(row["code"]).label), row["detail"], "Termina"


def _decision(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return outcome_label(row["code"], titles), "", ""


def _task(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    title = titles.get(row["detail"]) or outcome_label(row["code"], titles)
    return title, "", str(TaskState(row["state"]).label)


def _message(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    title = titles.get(row["detail"]) or str(MessageKind(row["code"]).label)
    return title, str(MessageChannel(row["currency"]).label), str(MessageState(row["state"]).label)


def _dispatch(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    title = row["detail"] or str(MessageChannel(row["code"]).label)
    return title, row["currency"], str(DispatchState(row["state"]).label)


def _circumstance(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(CircumstanceKind(row["code"]).label), "", ""


def _circumstance_end(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(CircumstanceKind(row["code"]).label), "", "Termina"


def _consent(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    channel, source = ConsentChannel(row["code"]).label, ConsentSource(row["currency"]).label
    return str(channel), row["detail"] or str(source), str(ConsentState(row["state"]).label)


def _delivery(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    title = row["detail"] or str(MessageChannel(row["state"]).label)
    to = row["currency"] or str(MessageChannel(row["state"]).label)
    return title, to, str(DeliveryState(row["code"]).label)


def _contact(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(ContactKind(row["code"]).label), row["currency"], ""


def _letter(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(MessageChannel(row["code"]).label), row["detail"], str(LetterState(row["state"]).label)


def _certified(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(MessageChannel.CERTIFIED.label), row["detail"], str(CertifiedEventKind(row["code"]).label)


def _certificate(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return "Certificado de la carta", row["detail"], ""


def _reply(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return str(ReplyKind(row["code"]).label), str(Channel(row["detail"]).label), ""


def _inbound(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    state = str(InboundState(row["state"]).label)
    return str(InboundKind(row["code"]).label), row["detail"], state


def _kind(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    if not row["code"]:
        return "Cómo paga: de nuevo lo que se deduce", "", ""
    inferred = f"Se deduciría: {kind_label(row['detail']).lower()}" if row["detail"] else ""
    return f"Cómo paga: {kind_label(row['code']).lower()}", inferred, ""


def _call(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    """«Llamada: Compromiso de pago», with who answered, where and why."""
    kind, direction, reached, number, reason, own = row["detail"].split(SIGN)
    what = "Llamada del cliente" if (kind, direction) == ("call", "in") else str(CallKind(kind).label)
    shipped = labels_of(SHIPPED)
    told = [str(Reached(reached).label), number, str(NonPaymentReason(reason).label) if reason else ""]
    title = f"{what}: {own or shipped.get(row['code'], row['code'])}"
    return title, " · ".join(each for each in told if each), _CALL_STATES[row["state"]]


def _promise(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    """«Compromiso de pago para el vie 27 nov 2026», with how it came and how the money will."""
    told = [PromiseSource(row["code"]).label, PaymentMethod(row["state"]).label if row["state"] else ""]
    on = day_text(date.fromisoformat(row["detail"]))
    return f"Compromiso de pago para el {on}", " · ".join(str(each) for each in told if each), ""


def _promise_outcome(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    """With the money that counted for it, where some did."""
    on = day_text(date.fromisoformat(row["detail"]))
    return (
        f"Compromiso para el {on}",
        "Llegado a tiempo" if row["amount_minor"] else "",
        str(PromiseVerdict(row["code"]).label),
    )


def _case(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    """«Expediente abierto», «lo lleva Ana»."""
    said, who = row["state"], row["detail"]
    match row["code"]:
        case "state":
            return f"Expediente: {str(CaseState(said).label).lower()}", "", ""
        case "assigned":
            return f"Expediente: lo lleva {who}" if who else "Expediente: no lo lleva nadie", "", ""
        case "priority":
            return f"Expediente: prioridad {str(Priority(int(said)).label).lower()}", "", ""
        case "next" if said:
            return f"Próxima acción: {day_text(date.fromisoformat(said))}", "", ""
        case "next":
            return "Próxima acción quitada", "", ""
        case happened:
            return f"Expediente: {str(CaseEventKind(happened).label).lower()}", who and f"Lo lleva {who}", ""


def _case_note(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return "Nota", "", ""


def _plan_b(row: dict[str, Any], titles: Mapping[str, str]) -> Words:
    return f"Plan B para el {day_text(date.fromisoformat(row['detail']))}", "", ""


_CALL_STATES = {
    "": "",
    "anyway": "Fuera de norma",
    "righted": "Corregida después",
    "rights": "Corrige otra",
    "undone": "Anula otra",
}


_WORDS = {
    "case": _case,
    "case_note": _case_note,
    "plan_b": _plan_b,
    "call": _call,
    "invoice": _invoice,
    "money": _money,
    "reversal": _reversal,
    "refund": _refund,
    "overlay": _overlay,
    "overlay_end": _overlay_end,
    "decision": _decision,
    "task": _task,
    "message": _message,
    "dispatch": _dispatch,
    "circumstance": _circumstance,
    "circumstance_end": _circumstance_end,
    "consent": _consent,
    "delivery": _delivery,
    "contact": _contact,
    "inbound": _inbound,
    "letter": _letter,
    "certified": _certified,
    "certificate": _certificate,
    "kind": _kind,
    "promise": _promise,
    "promise_outcome": _promise_outcome,
    "reply": _reply,
}
