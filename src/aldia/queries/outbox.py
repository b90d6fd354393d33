"""What waits to leave, what is in doubt, what has left, and the mails in the built-in mailbox."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from aldia.kernel import clock
from aldia.queries.asking import ask
from aldia.queries.creditors import DEMO_CODE, all_creditors, default_date
from aldia.queries.outbox_sql import (
    AMONG_FIRST,
    COUNTS,
    FIRST_FREE,
    FIRST_OF_FREE,
    FIRST_READY,
    MOST_PRESSING_FIRST,
    OLDEST_FIRST,
    READY,
    UNITS,
)
from aldia.records.outreach.models import (
    ON_PAPER,
    Dispatch,
    MailAccount,
    MailboxMail,
    MailKind,
)
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import rule_label

_ROWS_PER_UNIT = 4  # looked at for each unit wanted; most have one

_WHY = {
    "bad_address": "Dirección errónea",
    "rejected": "Rechazado por el servidor de correo",
    "put_off": "El servidor de correo pidió esperar demasiadas veces",
    "in_doubt": "Sin respuesta del servidor de correo",
    "not_sent": "No llegó",
    "skipped": "Omitido por una persona",
    "restored": "Omitido tras restaurar una copia",
    "trouble": "No se pudo preparar",
}


def why_label(code: str) -> str:
    """Why a message did not leave, in words: what went wrong on the way, or the gate's rule."""
    return _WHY.get(code) or rule_label(code)


@dataclass(frozen=True, slots=True)
class Unit:
    """Messages that leave as one. key: the name it leaves under. state: waiting_approval where any of them
    waits. refusal: the gate's last no, as {rule, source, facts}. error: what was said when it was last tried
    and came back, Spanish."""

    key: str
    unit: str
    customer_id: int
    message_ids: tuple[int, ...]
    channel: str
    kind: str
    step: str
    state: str
    planned_on: date
    not_before_at: datetime | None
    refusal: dict[str, Any] | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """Units that have not left: waiting for a yes, for a channel to exist, for their hour; ready to leave.
    doubts: dispatches nobody knows the fate of. unposted: letters that lie in the tray or are printed."""

    waiting_approval: int
    waiting_channel: int
    put_off: int
    ready: int
    doubts: int
    unposted: int = 0


def mail_stays_in_house(creditor: Creditor, account: MailAccount | None) -> bool:
    """Whether mail ends in the built-in mailbox: by the creditor's choice, for the demonstration until
    somebody says otherwise, or because this machine says so for everybody (ALDIA_MAILBOX=1)."""
    return _stays_in_house(creditor, account.kind if account else None)


def _stays_in_house(creditor: Creditor, kind: str | None) -> bool:
    if os.environ.get("ALDIA_MAILBOX") == "1":
        return True
    return kind == MailKind.MAILBOX if kind else creditor.code == DEMO_CODE


_ACCOUNTS = """
SELECT (SELECT kind FROM outreach_mail_account WHERE creditor_id = %(creditor)s) AS kind,
       (SELECT array_agg(channel::text ORDER BY channel) FROM outreach_channel_account
        WHERE creditor_id = %(creditor)s) AS short
"""


def sendable(creditor: Creditor) -> tuple[str, ...]:
    """Channels that have a way out of the house, e-mail first; one SELECT, in scope."""
    (row,) = ask(_ACCOUNTS, creditor=creditor.pk)
    short = ("sms", "whatsapp") if _stays_in_house(creditor, row["kind"]) else tuple(row["short"] or ())
    return ("email", *ON_PAPER, *short)


def units_ready(
    creditor: Creditor, *, now: datetime, limit: int, channels: Sequence[str] | None = None
) -> list[Unit]:
    """Units that may be claimed now: customer by customer, of one what presses most first.

    channels: those that are open, all that have a way where nothing is said. Inside a transaction in scope.
    """
    ways = sendable(creditor) if channels is None else channels
    said = {"channels": list(ways), "today": _today(creditor, now), "now": now}
    return _first_units(creditor, having=READY, also=FIRST_READY, limit=limit, said=said)


def units_free(
    creditor: Creditor, *, limit: int, after: tuple[date, int] | None = None
) -> list[tuple[tuple[date, int], Unit]]:
    """Units that have not left and wait for nobody's yes, oldest first, each with its place: day and id of
    its first message. after: only those beyond that place. Inside a transaction in scope.
    """
    beyond = " AND (m.planned_on, m.id) > (%(day)s, %(id)s)" if after else ""
    day, last = after or (None, None)
    rows = ask(FIRST_OF_FREE.format(beyond=beyond), creditor=creditor.pk, limit=limit, day=day, id=last)
    if not rows:
        return []
    places = {row["id"]: (row["planned_on"], row["id"]) for row in rows}
    units = units_not_left(creditor, message_ids=list(places))
    found = [(places[pk], unit) for unit in units for pk in unit.message_ids if pk in places]
    return sorted(found, key=lambda each: each[0])


def units_not_left(creditor: Creditor, *, message_ids: Sequence[int] | None = None) -> list[Unit]:
    """All units that have not left, or those of the given messages. Inside a transaction in scope."""
    where = "" if message_ids is None else _WITH_THEIR_BUNDLES
    return _units(creditor, where=where, said={"ids": list(message_ids or ())})


def units_of(creditor: Creditor, message_ids: Sequence[int]) -> list[Unit]:
    """What these messages are together, without what else was bundled with them. In scope."""
    if not message_ids:
        return []
    return _units(creditor, where=" AND m.id = ANY(%(ids)s)", said={"ids": list(message_ids)})


def _first_units(
    creditor: Creditor, *, having: str, also: str, limit: int, said: dict[str, Any]
) -> list[Unit]:
    """The first units, from some more first rows than that; from all where those do not suffice."""
    said = {"creditor": creditor.pk, **said, "limit": limit, "rows": _ROWS_PER_UNIT * limit}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_FREE.format(also=also), said)
        said["first"] = [row[0] for row in cursor.fetchall()]
    units = _units(creditor, where=AMONG_FIRST, having=having, limit=" LIMIT %(limit)s", said=said)
    if len(units) == limit or len(said["first"]) < said["rows"]:
        return units
    return _units(creditor, having=having, limit=" LIMIT %(limit)s", said=said)


_WITH_THEIR_BUNDLES = (
    " AND (m.id = ANY(%(ids)s) OR m.bundle <> '' AND m.bundle IN (SELECT bundle FROM outreach_message"
    " WHERE creditor_id = %(creditor)s AND id = ANY(%(ids)s)))"
)


def _units(
    creditor: Creditor, *, where: str = "", having: str = "", limit: str = "", said: dict[str, Any]
) -> list[Unit]:
    order = MOST_PRESSING_FIRST if limit else OLDEST_FIRST
    query = UNITS.format(where=where, having=having, limit=limit, order=order)
    with connection.cursor() as cursor:
        cursor.execute(query, {"creditor": creditor.pk, **said})
        return [_unit(*row) for row in cursor.fetchall()]


def _unit(*row: Any) -> Unit:
    """Lists and jsonb of a raw cursor as the values they are."""
    values = dict(zip((each.name for each in fields(Unit)), row, strict=True))
    refusal = values["refusal"]
    return Unit(
        **{
            **values,
            "message_ids": tuple(values["message_ids"]),
            "refusal": json.loads(refusal) if isinstance(refusal, str) else refusal,
            "error": values["error"] or "",
        }
    )


def outbox_counts(creditor: Creditor, *, now: datetime) -> OutboxCounts:
    """How many units stand where. Inside a transaction in scope."""
    counts, _next_at = counts_until(creditor, now=now)
    return counts


def counts_until(creditor: Creditor, *, now: datetime) -> tuple[OutboxCounts, datetime | None]:
    """How many units stand where, and the moment from which time alone makes it otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"creditor": creditor.pk, "channels": list(sendable(creditor)), "now": now})
        *counted, next_at = cursor.fetchone()
    return OutboxCounts(*counted), next_at


def doubts(creditor: Creditor) -> Any:
    """Dispatches in doubt, oldest first: they may have arrived or not, and a person has to find out."""
    return Dispatch.objects.filter(creditor_id=creditor.pk, state="unknown").order_by("begun_at", "pk")


def mailbox(creditor: Creditor, *, after_id: int = 0, limit: int | None = None) -> list[MailboxMail]:
    """The mails in the built-in mailbox, in the order they came."""
    with transaction.atomic(), scope([creditor.pk]):
        mails = MailboxMail.objects.filter(creditor_id=creditor.pk, pk__gt=after_id).order_by("pk")
        return list(mails[:limit] if limit else mails)


def creditors_with_mail(*, now: datetime) -> list[int]:
    """Ids of the creditors of whom something may leave now, or was being sent when somebody last looked."""
    found = []
    for creditor in all_creditors():
        with transaction.atomic(), scope([creditor.pk]):
            ready = units_ready(creditor, now=sending_moment(creditor, now), limit=1)
            if ready or Dispatch.objects.filter(creditor_id=creditor.pk, state="claimed").exists():
                found.append(creditor.pk)
    return found


def sending_moment(creditor: Creditor, present: datetime) -> datetime:
    """The moment at which this creditor's mails leave: the present, or for the demonstration, whose books end
    on a day gone by, the morning of that day."""
    day = default_date(creditor, present)
    if day < clock.business_date(present, creditor.time_zone):
        return clock.morning_of(day, creditor.time_zone)
    return present


def _today(creditor: Creditor, now: datetime) -> date:
    return clock.business_date(now, creditor.time_zone)
