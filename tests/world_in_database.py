"""An oracle's world as rows of the database, ids and all: so that the freeze can be held against it."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from aldia.operations.bulk import insert_frame
from aldia.operations.strategies import set_strategy
from aldia.records.tenancy.models import Creditor
from tests.oracle.world import World
from tests.rules.portfolio.world_frames import toml_of

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_FAR = date(2099, 12, 31)


def write_world(creditor: Creditor, world: World) -> None:
    """Insert every row of the world for a fresh creditor in scope; law and tolerance are the creditor's."""
    rows = {
        "parties_customer": _customers(world),
        "parties_contact": [
            {"id": c.id, "customer_id": c.id, "role": "accounts_payable"} for c in world.customers
        ],
        "parties_contact_point": _points(world),
        "ledger_document": _documents(world),
        "ledger_acceptance": _acceptances(world),
        "ledger_due_line": _lines(world),
        "cases_promise": _promises(world),  # while all of the lines is open
        "cases_promise_line": _promise_lines(world),
        "ledger_credit": _credits(world),
        "ledger_allocation": _allocations(world),
        "ledger_refund": _refunds(world),
        "ledger_reversal": _reversals(world),
        "ledger_overlay": _overlays(world),
        "ledger_overlay_end": [
            {"id": e.id, "overlay_id": e.overlay_id, "effective_on": e.effective_on}
            for e in world.overlay_ends
        ],
        "cases_episode": _episodes(world),
        "outreach_message": _messages(world) + _claim_messages(world),
        "outreach_message_line": _claim_lines(world),
        "cases_task": _tasks(world),
        "outreach_reply": _replies(world),
        "cases_call": _calls(world),
        "cases_promise_outcome": [
            {
                "id": n,
                "promise_id": p.id,
                "customer_id": p.customer_id,
                "verdict": "withdrawn",
                "decided_on": p.withdrawn_on,
                "reason": "t",
                "actor": "t",
            }
            for n, p in enumerate((p for p in world.promises if p.withdrawn_on), start=1)
        ],
        "cases_kind_judgement": [
            {"id": j.id, "customer_id": j.customer_id, "kind": j.kind, "on_date": j.on, "actor": "t"}
            for j in world.judgements
        ],
    }
    for table, dictionaries in rows.items():
        if dictionaries:
            frame = pl.DataFrame(dictionaries, infer_schema_length=None).sort("id")
            insert_frame(table, creditor.pk, frame, order_by=["id"])
    put_world_strategies(creditor, world)


def put_world_strategies(creditor: Creditor, world: World) -> None:
    """The world's strategies in force, for everybody, segments and customers as it says."""

    def put(name: str, **scope: Any) -> None:
        set_strategy(
            creditor_id=creditor.pk, toml=toml_of(world.strategies[name]), now=_NOW, actor="t", **scope
        )

    put(world.settings.default_strategy)
    for segment, name in world.settings.segment_strategies.items():
        put(name, segments=(segment,))
    for customer in world.customers:
        if customer.strategy:
            put(customer.strategy, customer_code=customer.code)


def _customers(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": c.id,
            "code": c.code,
            "name": c.code,
            "person_kind": c.person_kind,
            "segment": c.segment or "",
            "country": c.country,
            "language": c.language,
            "contract_rate_bp": c.contract_rate_bp,
            "insolvent_on": c.insolvent_on,
        }
        for c in world.customers
    ]


_NUMBER = "+34 6{:08}"
_VALUES = {"email": "email-{}", "phone": _NUMBER, "whatsapp": _NUMBER, "post": "post-{}"}


def _points(world: World) -> list[dict[str, Any]]:
    points = [
        {"customer_id": c.id, "contact_id": c.id, "channel": channel, "value": _VALUES[channel].format(c.id)}
        for c in world.customers
        for channel in ("email", "phone", "whatsapp", "post")
        if getattr(c, f"has_{channel}")
    ]
    return [{"id": n, **point} for n, point in enumerate(points, start=1)]


def _documents(world: World) -> list[dict[str, Any]]:
    lines = defaultdict(list)
    for line in world.lines:
        lines[line.document_id].append(line)
    return [
        {
            "id": document,
            "customer_id": parts[0].customer_id,
            "kind": parts[0].kind,
            "number": f"{parts[0].number}-{document}",
            "issued_on": parts[0].issued_on,
            "effective_on": parts[0].issued_on,
            "currency": parts[0].currency,
            "total_minor": sum(part.amount_minor for part in parts),
        }
        for document, parts in lines.items()
    ]


def _acceptances(world: World) -> list[dict[str, Any]]:
    payer = {line.document_id: line.customer_id for line in reversed(world.lines)}
    return [
        {
            "id": a.id,
            "document_id": a.document_id,
            "customer_id": payer[a.document_id],
            "state": a.state,
            "effective_on": a.effective_on,
        }
        for a in world.acceptances
    ]


def _lines(world: World) -> list[dict[str, Any]]:
    number: dict[int, int] = defaultdict(int)
    rows = []
    for line in world.lines:
        number[line.document_id] += 1
        rows.append(
            {
                "id": line.id,
                "document_id": line.document_id,
                "customer_id": line.customer_id,
                "currency": line.currency,
                "kind": line.kind,
                "line_number": number[line.document_id],
                "amount_minor": line.amount_minor,
                "issued_on": line.issued_on,
                "effective_on": line.issued_on,
                "due_date": line.due_date,
                "source_key": f"world:{line.id}",
            }
        )
    return rows


def _credits(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": c.id,
            "customer_id": c.customer_id,
            "kind": c.kind,
            "currency": c.currency,
            "amount_minor": c.amount_minor,
            "effective_on": c.effective_on,
        }
        for c in world.credits
    ]


def _allocations(world: World) -> list[dict[str, Any]]:
    payer = {line.id: (line.customer_id, line.currency) for line in world.lines}
    payers_of_credits = {credit.id: credit.customer_id for credit in world.credits}
    return [
        {
            "id": a.id,
            "credit_id": a.credit_id,
            "due_line_id": a.line_id,
            "customer_id": payer[a.line_id][0],
            "credit_customer_id": payers_of_credits[a.credit_id],
            "currency": payer[a.line_id][1],
            "amount_minor": a.amount_minor,
            "effective_on": a.effective_on,
        }
        for a in world.allocations
    ]


def _refunds(world: World) -> list[dict[str, Any]]:
    currency = {credit.id: credit.currency for credit in world.credits}
    return [
        {
            "id": r.id,
            "credit_id": r.credit_id,
            "currency": currency[r.credit_id],
            "amount_minor": r.amount_minor,
            "effective_on": r.effective_on,
        }
        for r in world.refunds
    ]


def _reversals(world: World) -> list[dict[str, Any]]:
    """Reversals of allocations and refunds first, as the ledger writes them: the credit's own comes last."""
    credit = {c.id: (c.currency, c.customer_id) for c in world.credits}
    line: dict[int, tuple[str, int | None]] = {x.id: (x.currency, x.customer_id) for x in world.lines}
    facts: dict[str, dict[int, tuple[str, int | None]]] = {
        "credit": credit,
        "line": line,
        "allocation": {a.id: line[a.line_id] for a in world.allocations},
        "refund": {r.id: credit[r.credit_id] for r in world.refunds},
    }
    column = {
        "credit": "credit_id",
        "line": "due_line_id",
        "allocation": "allocation_id",
        "refund": "refund_id",
    }
    rows = []
    for r in world.reversals:
        currency, customer = facts[r.target][r.target_id]
        rows.append(
            {
                "id": r.id,
                **{c: r.target_id if t == r.target else None for t, c in column.items()},
                "currency": currency,
                "customer_id": customer,
                "amount_minor": r.amount_minor,
                "effective_on": r.effective_on,
                "kind": "correction",
                "reason": "world",
            }
        )
    return rows


def _overlays(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": o.id,
            "customer_id": o.customer_id,
            "due_line_id": o.line_id,
            "kind": o.kind,
            "amount_minor": o.amount_minor,
            "until_on": o.until or (_FAR if o.kind == "cover" else None),
            "effective_on": o.effective_on,
            "reason": "world",
        }
        for o in world.overlays
    ]


def _episodes(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": e.id,
            "customer_id": e.customer_id,
            "due_line_id": e.line_id,
            "opened_on": e.opened_on,
            "closed_on": e.closed_on,
        }
        for e in world.episodes
    ]


def _messages(world: World) -> list[dict[str, Any]]:
    entries = {e.id: e.kind for s in world.strategies.values() for e in s.documents}
    return [
        {
            "id": m.id,
            "once_key": f"world:{m.id}",
            "customer_id": m.customer_id,
            "episode_id": m.episode_id,
            "due_line_id": m.line_id,
            "kind": "dunning" if m.kind == "dunning" else entries.get(m.step, "due_today"),
            "step": m.step,
            "rank": m.rank,
            "occurrence": m.occurrence,
            "channel": "email",
            "state": "cancelled" if m.state == "refused" else m.state,
            "reason": "world" if m.state in ("refused", "cancelled", "failed") else "",
            "planned_on": m.planned_on,
            "sent_on": m.sent_on,
        }
        for m in world.messages
    ]


def _claim_messages(world: World) -> list[dict[str, Any]]:
    payer = {line.id: line.customer_id for line in world.lines}
    return [
        {
            "id": 10_000_000 + line,
            "once_key": f"claim:{line}",
            "customer_id": payer[line],
            "kind": "delivery",
            "step": "claimed",
            "occurrence": 1,
            "channel": "letter",
            "state": "sent",
            "reason": "",
            "planned_on": day,
            "sent_on": day,
        }
        for line, day in world.claims.items()
    ]


def _claim_lines(world: World) -> list[dict[str, Any]]:
    lines = {line.id: line for line in world.lines}
    return [
        {
            "id": 10_000_000 + line,
            "message_id": 10_000_000 + line,
            "customer_id": lines[line].customer_id,
            "due_line_id": line,
            "currency": lines[line].currency,
            "open_minor": 0,
            "days_overdue": 0,
            "claim_from": day,
            "claim_until": day,
        }
        for line, day in world.claims.items()
    ]


def _tasks(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": t.id,
            "once_key": f"task:{t.id}",
            "customer_id": t.customer_id,
            "episode_id": t.episode_id,
            "kind": "dunning",
            "step": t.step,
            "channel": "call",
            "due_on": t.created_on,
            "state": t.state,
            "closed_on": None if t.state == "open" else t.done_on or t.created_on,
        }
        for t in world.tasks
    ]


def _replies(world: World) -> list[dict[str, Any]]:
    known = ("forgot", "cannot", "will_not", "disputes", "promises", "paid", "asks", "wrong_person")
    return [
        {
            "id": r.id,
            "customer_id": r.customer_id,
            "channel": "email",
            "kind": r.kind if r.kind in known else "other",
            "received_on": r.received_on,
        }
        for r in world.replies
    ]


def _promises(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": p.id,
            "customer_id": p.customer_id,
            "source": "desk",
            "made_on": p.made_on,
            "promised_on": p.promised_on,
            "grace_days": p.grace_days,
            "currency": p.currency,
            "amount_minor": sum(part.amount for part in p.parts),
            "tolerance_minor": p.tolerance,
            "known_allocation_id": p.known,
            "actor": "t",
        }
        for p in world.promises
    ]


def _promise_lines(world: World) -> list[dict[str, Any]]:
    rows = [
        {
            "promise_id": p.id,
            "customer_id": p.customer_id,
            "due_line_id": part.line_id,
            "currency": p.currency,
            "amount_minor": part.amount,
            "open_minor": part.open_then,
        }
        for p in world.promises
        for part in p.parts
    ]
    return [{"id": n, **row} for n, row in enumerate(rows, start=1)]


def _calls(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": r.id,
            "customer_id": r.customer_id,
            "reached": "right_party" if r.spoken else "nobody",
            "direction": "out" if r.tried else "in",
            "outcome": r.outcome,
            "reason": r.reason,
            "at": datetime.combine(r.said_on, _NOW.timetz()),
            "on_date": r.said_on,
            "actor": "t",
        }
        for r in world.calls
    ]
