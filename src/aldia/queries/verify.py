"""Do the books hold? The numbered invariants of the house, each as one question to the database.

I1 no credit or line is over-allocated, on any day; I2 kept balances equal the rows; I3 received = allocated +
unallocated + returned + refunded; I4 the guards of ledger and outbox stand; I5 a mail left once, and its
messages say so; I7 every message and task has a known fate; `day`: allocations count from the right day;
`contacts`: each customer's log is whole, and as the runs anchored it; `audit`: the chain is whole. An empty
answer is good news.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from aldia.connectors.audit_key import audit_key
from aldia.queries import verify_sql as sql
from aldia.queries.verify_contacts import contact_faults
from aldia.records.audit.models import AuditEntry, AuditHead
from aldia.rules.audit_chain import Sealed, seal

_SHOWN = 20
_NAMES = {"credit": "el cobro o abono", "line": "la partida"}


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold. sentence: Spanish, what is wrong; facts: ids and figures."""

    invariant: str
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


def verify(creditor_id: int) -> list[Violation]:
    """Every invariant of one creditor, within its scope; some seconds for a million lines."""
    return [
        *verify_ledger(creditor_id),
        *_mails(creditor_id),
        *_fates(creditor_id),
        *verify_contacts(creditor_id),
        *verify_audit(creditor_id),
    ]


def verify_ledger(creditor_id: int) -> list[Violation]:
    """I1 to I4 and the days of allocations."""
    return [
        *_balances(creditor_id),
        *_days_below_zero(creditor_id),
        *_totals(creditor_id),
        *_guards(),
        *_days(creditor_id),
    ]


def verify_contacts(creditor_id: int) -> list[Violation]:
    """The contact logs alone: the first bad entry of each customer's."""
    return [Violation("contacts", sentence, facts) for sentence, facts in contact_faults(creditor_id)]


def verify_audit(creditor_id: int) -> list[Violation]:
    """The audit chain alone: the first bad entry, or what is missing at its end."""
    bad = next(_bad_entries(creditor_id), None)
    return [] if bad is None else [bad]


def _days_below_zero(creditor_id: int) -> Iterator[Violation]:
    for kind, id_, day, left in _ask(sql.BELOW_ZERO, creditor_id):
        yield _below_zero(kind, id_, day, left)


def _balances(creditor_id: int) -> Iterator[Violation]:
    for query, kind in ((sql.ITEMS_DIFFER, "line"), (sql.CREDITS_DIFFER, "credit")):
        for id_, kept, computed, left, day, differs in _ask(query, creditor_id):
            if left < 0:
                yield _below_zero(kind, id_, day, left)
            if differs:
                yield Violation(
                    "I2",
                    f"El saldo guardado de {_NAMES[kind]} {id_} no coincide con sus apuntes.",
                    {kind: id_, "kept": kept, "computed": computed},
                )


def _below_zero(kind: str, id_: int, day: date, left: int) -> Violation:
    return Violation(
        "I1",
        f"El {day:%d/%m/%Y} hay más aplicado o anulado que importe en {_NAMES[kind]} {id_}.",
        {kind: id_, "on": day.isoformat(), "left_minor": left},
    )


def _totals(creditor_id: int) -> Iterator[Violation]:
    for currency, received, allocated, unallocated, returned, refunded in _ask(sql.TOTALS, creditor_id):
        yield Violation(
            "I3",
            f"En {currency}, lo recibido no es la suma de lo aplicado, lo pendiente de aplicar, lo anulado "
            "y lo devuelto.",
            {
                "currency": currency,
                "received_minor": received,
                "allocated_minor": allocated,
                "unallocated_minor": unallocated,
                "returned_minor": returned,
                "refunded_minor": refunded,
            },
        )


def _guards() -> Iterator[Violation]:
    for table, trigger in _ask(sql.GUARDS_MISSING):
        yield Violation(
            "I4",
            f"La tabla {table} no está protegida: falta o está desactivado el disparador «{trigger}».",
            {"table": table, "trigger": trigger},
        )
    for reason in _ask(sql.TOO_MIGHTY):
        yield Violation("I4", f"El usuario de la base de datos puede saltarse las protecciones: {reason[0]}.")


def _mails(creditor_id: int) -> Iterator[Violation]:
    for message, state, dispatch, fate in _ask(sql.MAILS_DISAGREE, creditor_id):
        yield Violation(
            "I5",
            f"El mensaje {message} está en «{state}» y el correo {dispatch} en el que salió, en «{fate}».",
            {"message": message, "state": state, "dispatch": dispatch, "dispatch_state": fate},
        )
    for dispatch, name in _ask(sql.COPIES_LOST, creditor_id):
        yield Violation(
            "I5",
            f"Falta la copia que el envío {dispatch} llevaba adjunta como «{name}».",
            {"dispatch": dispatch, "name": name},
        )
    for key, times in _ask(sql.MAILS_TWICE, creditor_id):
        yield Violation(
            "I5", f"El buzón de pruebas tiene {times} veces el mensaje «{key}».", {"key": key, "times": times}
        )


def _fates(creditor_id: int) -> Iterator[Violation]:
    for table, id_, state, fault in _ask(sql.FATES, creditor_id):
        what = "El mensaje" if table == "outreach_message" else "La tarea"
        sentences = {
            "state": f"{what} {id_} está en un estado desconocido: «{state}».",
            "reason": f"{what} {id_} está en «{state}» sin motivo.",
            "run": f"{what} {id_} espera en «{state}» sin que ningún proceso diario lo haya previsto.",
        }
        yield Violation("I7", sentences[fault], {"table": table, "id": id_, "state": state, "fault": fault})


def _days(creditor_id: int) -> Iterator[Violation]:
    for id_, day, right in _ask(sql.WRONG_DAYS, creditor_id):
        yield Violation(
            "day",
            f"La aplicación {id_} cuenta desde el {day:%d/%m/%Y}, y debe contar desde el {right:%d/%m/%Y}.",
            {"allocation": id_, "on": day.isoformat(), "expected_on": right.isoformat()},
        )


def _bad_entries(creditor_id: int) -> Iterator[Violation]:
    key = audit_key()
    sequence, digest = 0, ""
    entries = AuditEntry.objects.filter(creditor_id=creditor_id).order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        if entry.sequence != sequence + 1:
            yield _bad(entry.sequence, f"faltan anotaciones antes de la {entry.sequence}")
        if entry.previous_digest != digest:
            yield _bad(entry.sequence, f"la anotación {entry.sequence} no enlaza con la anterior")
        if entry.digest != seal_of(entry, key):
            yield _bad(entry.sequence, f"la anotación {entry.sequence} ha sido modificada")
        sequence, digest = entry.sequence, entry.digest
    head = AuditHead.objects.filter(creditor_id=creditor_id).first()
    end = (head.sequence, head.digest) if head else (0, "")
    if end != (sequence, digest):
        yield _bad(sequence + 1, f"termina en la anotación {sequence} y debería terminar en la {end[0]}")


def seal_of(entry: AuditEntry, key: bytes) -> str:
    """The seal the entry should have. Empty, so never equal, where the payload could not have been sealed."""
    sealed = Sealed(
        creditor_id=entry.creditor_id,
        sequence=entry.sequence,
        at=entry.recorded_at,
        actor=entry.actor,
        verb=entry.verb,
        subject=entry.subject,
        payload=entry.payload,
        previous=entry.previous_digest,
    )
    try:
        return seal(sealed, key)
    except ValueError:
        return ""


def _bad(sequence: int, what: str) -> Violation:
    return Violation("audit", f"El registro de auditoría está alterado: {what}.", {"sequence": sequence})


def _ask(query: str, creditor_id: int | None = None) -> list[tuple[Any, ...]]:
    """The first offenders; the query names `%(creditor)s` and `%(shown)s`."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"creditor": creditor_id, "shown": _SHOWN})
        return list(cursor.fetchall())
