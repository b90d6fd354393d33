"""The oracle's world as the frames of the engine: what `queries/portfolio.py` does, from plain values."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from aldia.rules.law import Compensation, Confidence, Provenance, RatePeriod, RateSeries
from aldia.rules.portfolio.frames import ALLOCATIONS, Frames, Terms
from aldia.rules.portfolio.strategy import Strategy, read_strategy
from tests.oracle import world as plain
from tests.oracle.world import MONEY_KINDS, World

_SOURCE = Provenance("test", date(1990, 1, 1), date(2026, 11, 21), Confidence.STATUTE)


def terms_of(world: World, day: date) -> Terms:
    law = world.law
    return Terms(
        as_of=day,
        tolerance_minor=world.settings.tolerance_minor,
        aging_edges=world.settings.aging_edges,
        live_from=world.settings.live_from,
        late_interest=_series(law.late_payment),
        legal_interest=_series(law.legal_interest),
        compensation=Compensation(
            amount_minor=law.compensation_minor,
            currency=law.compensation_currency,
            applies_to=frozenset({"business", "public_body"}),
            provenance=_SOURCE,
        ),
    )


def _series(steps: tuple[tuple[date, int], ...]) -> RateSeries | None:
    if not steps:
        return None
    ends = [first - timedelta(days=1) for first, _ in steps[1:]] + [date(2100, 12, 31)]
    return RateSeries(
        tuple(
            RatePeriod(first, last, rate_bp, "test", Confidence.STATUTE)
            for (first, rate_bp), last in zip(steps, ends, strict=True)
        )
    )


def strategies_of(world: World) -> dict[str, Strategy]:
    return {name: read_strategy(toml_of(strategy)) for name, strategy in world.strategies.items()}


def toml_of(strategy: plain.Strategy) -> str:
    parts = [
        f'[strategy]\nname = "{strategy.name}"\ntitle = "T"\ncurrency = "{strategy.currency}"\n'
        f"minimum = {strategy.minimum}\nspacing_days = {strategy.spacing_days}\n"
        f'[episode]\nper = "{strategy.per}"\n'
    ]
    parts += [f'[amounts.{c}]\nfactor = "{factor}"\n' for c, factor in strategy.factors.items()]
    parts += [
        f'[[document]]\nid = "{e.id}"\nkind = "{e.kind}"\ntitle = "T"\nwhen = """{e.when}"""\n'
        f'channels = ["email"]\ntone = "amable"\ntemplate = "t"\n'
        for e in strategy.documents
    ]
    parts += [_step(step) for step in strategy.steps]
    return "\n".join(parts)


def _step(step: plain.Step) -> str:
    text = (
        f'[[step]]\nid = "{step.id}"\ntitle = "T"\nwhen = """{step.when}"""\n'
        f'channels = ["email"]\ntone = "amable"\ntemplate = "t"\nrequires = {list(step.requires)}\n'
    )
    if step.spacing_days is not None:
        text += f"spacing_days = {step.spacing_days}\n"
    if step.minimum is not None:
        text += f"minimum = {step.minimum}\n"
    return text


def frames_of(world: World, day: date) -> Frames:
    taken = _reversed(world, day)
    allocations = _allocations(world, day, taken)
    return Frames.from_rows(
        customers=[_customer(world, c) for c in world.customers],
        lines=_lines(world, day, taken),
        allocations=[{key: a[key] for key in ALLOCATIONS} for a in allocations if a["amount_minor"] > 0],
        credits=_credits(world, day, taken, allocations),
        overlays=_overlays(world, day),
        held=_held(world, day),
        episodes=[
            {
                "episode_id": e.id,
                "customer_id": e.customer_id,
                "line_id": e.line_id,
                "opened_on": e.opened_on,
            }
            for e in world.episodes
            if e.opened_on <= day and (e.closed_on is None or e.closed_on > day)
        ],
        steps=_steps(world, day),
        replies=[
            {"reply_id": r.id, "customer_id": r.customer_id, "kind": r.kind, "received_on": r.received_on}
            for r in world.replies
            if r.received_on <= day
        ],
        calls=[
            {
                "call_id": c.id,
                "customer_id": c.customer_id,
                "outcome": c.outcome,
                "reason": c.reason,
                "tried": c.tried,
                "spoken": c.spoken,
                "said_on": c.said_on,
            }
            for c in world.calls
            if c.said_on <= day
        ],
        judgements=_judgements(world, day),
        promises=[_promise(p, day) for p in world.promises if p.made_on <= day],
        promise_lines=[
            {
                "promise_id": p.id,
                "customer_id": p.customer_id,
                "line_id": part.line_id,
                "amount_minor": part.amount,
                "open_minor": part.open_then,
            }
            for p in world.promises
            if p.made_on <= day
            for part in p.parts
        ],
        claims=[{"line_id": k, "claimed_on": v} for k, v in world.claims.items() if v <= day],
        acceptances=_acceptances(world, day),
    )


def _reversed(world: World, day: date) -> Mapping[tuple[str, int], int]:
    taken: dict[tuple[str, int], int] = defaultdict(int)
    for reversal in world.reversals:
        if reversal.effective_on <= day:
            taken[reversal.target, reversal.target_id] += reversal.amount_minor
    return taken


def _customer(world: World, customer: plain.Customer) -> dict[str, Any]:
    segment = customer.segment or customer.person_kind
    segments = world.settings.segment_strategies
    assigned = segments.get(segment) or segments.get(customer.person_kind)
    strategy = customer.strategy or assigned or world.settings.default_strategy
    return {
        "customer_id": customer.id,
        "customer": customer.code,
        "person_kind": customer.person_kind,
        "segment": segment,
        "country": customer.country,
        "language": customer.language,
        "contract_rate_bp": customer.contract_rate_bp,
        "insolvent_on": customer.insolvent_on,
        "strategy": strategy,
        "has_email": customer.has_email,
        "has_phone": customer.has_phone,
        "takes_sms": customer.has_phone,
        "has_whatsapp": customer.has_whatsapp,
        "has_post": customer.has_post,
    }


def _lines(world: World, day: date, taken: Mapping[tuple[str, int], int]) -> list[dict[str, Any]]:
    return [
        {
            "line_id": line.id,
            "customer_id": line.customer_id,
            "document_id": line.document_id,
            "currency": line.currency,
            "kind": line.kind,
            "amount_minor": line.amount_minor - taken["line", line.id],
            "issued_on": line.issued_on,
            "due_date": line.due_date,
        }
        for line in world.lines
        if line.issued_on <= day
    ]


def _allocations(world: World, day: date, taken: Mapping[tuple[str, int], int]) -> list[dict[str, Any]]:
    payer = {line.id: line.customer_id for line in world.lines}
    kinds = {credit.id: credit.kind for credit in world.credits}
    dates = {credit.id: credit.effective_on for credit in world.credits}
    return [
        {
            "credit_id": a.credit_id,
            "line_id": a.line_id,
            "customer_id": payer[a.line_id],
            "amount_minor": a.amount_minor - taken["allocation", a.id],
            "allocation_id": a.id,
            "effective_on": a.effective_on,
            "value_on": dates[a.credit_id],
            "by_money": kinds[a.credit_id] in MONEY_KINDS,
        }
        for a in world.allocations
        if a.effective_on <= day
    ]


def _credits(
    world: World, day: date, taken: Mapping[tuple[str, int], int], allocations: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    used: dict[int, int] = defaultdict(int)
    for allocation in allocations:
        used[allocation["credit_id"]] += allocation["amount_minor"]
    for refund in world.refunds:
        if refund.effective_on <= day:
            used[refund.credit_id] += refund.amount_minor - taken["refund", refund.id]
    rows = []
    for credit in world.credits:
        if credit.effective_on <= day and credit.customer_id is not None:
            kept = credit.amount_minor - taken["credit", credit.id]
            rows.append(
                {
                    "customer_id": credit.customer_id,
                    "currency": credit.currency,
                    "unallocated_minor": kept - used[credit.id],
                    "effective_on": credit.effective_on,
                    "payment": credit.kind == "payment" and kept > 0,
                }
            )
    return rows


def _overlays(world: World, day: date) -> list[dict[str, Any]]:
    ended = {end.overlay_id for end in world.overlay_ends if end.effective_on <= day}
    return [
        {
            "overlay_id": o.id,
            "customer_id": o.customer_id,
            "line_id": o.line_id,
            "kind": o.kind,
            "amount_minor": o.amount_minor,
            "until_on": o.until,
            "effective_on": o.effective_on,
        }
        for o in world.overlays
        if o.effective_on <= day
        and o.id not in ended
        and not (o.kind in ("hold", "cover") and o.until is not None and o.until <= day)
    ]


def _held(world: World, day: date) -> list[dict[str, Any]]:
    ends = {end.overlay_id: end.effective_on for end in world.overlay_ends if end.effective_on <= day}
    return [
        {
            "customer_id": o.customer_id,
            "from_on": o.effective_on,
            "until_on": min((d for d in (o.until, ends.get(o.id)) if d), default=None),
        }
        for o in world.overlays
        if o.kind == "hold" and o.effective_on <= day
    ]


_DONE_BY_SENDING = ("sent", "unknown")
_VOID = ("cancelled", "failed", "refused")


def _steps(world: World, day: date) -> list[dict[str, Any]]:
    entries = {e.id: e.kind for s in world.strategies.values() for e in s.documents}
    rows = []
    for m in world.messages:
        if m.planned_on > day:
            continue
        sent = m.state in _DONE_BY_SENDING and m.sent_on is not None and m.sent_on <= day
        done = sent or m.state == "skipped"
        rows.append(
            {
                "customer_id": m.customer_id,
                "episode_id": m.episode_id,
                "line_id": m.line_id,
                "kind": "dunning" if m.kind == "dunning" else entries.get(m.step, "due_today"),
                "step": m.step,
                "state": "done" if done else "void" if m.state in _VOID else "pending",
                "planned_on": m.planned_on,
                "sent_on": m.sent_on if sent else None,
            }
        )
    for t in world.tasks:
        if t.created_on <= day:
            done = t.state in ("done", "skipped") and t.done_on is not None and t.done_on <= day
            rows.append(
                {
                    "customer_id": t.customer_id,
                    "episode_id": t.episode_id,
                    "line_id": None,
                    "kind": "dunning",
                    "step": t.step,
                    "state": "done" if done else "void" if t.state == "cancelled" else "pending",
                    "planned_on": t.created_on,
                    "sent_on": None,
                }
            )
    return rows


def _promise(promise: plain.Promise, day: date) -> dict[str, Any]:
    withdrawn = promise.withdrawn_on is not None and promise.withdrawn_on <= day
    return {
        "promise_id": promise.id,
        "customer_id": promise.customer_id,
        "currency": promise.currency,
        "amount_minor": sum(part.amount for part in promise.parts),
        "made_on": promise.made_on,
        "promised_on": promise.promised_on,
        "until_on": promise.promised_on + timedelta(days=promise.grace_days),
        "tolerance_minor": promise.tolerance,
        "known_allocation_id": promise.known,
        "verdict": "withdrawn" if withdrawn else None,
        "decided_on": promise.withdrawn_on if withdrawn else None,
        "verdict_paid_minor": 0 if withdrawn else None,
    }


def _judgements(world: World, day: date) -> list[dict[str, Any]]:
    latest = {j.customer_id: j for j in sorted(world.judgements, key=lambda j: j.id) if j.on <= day}
    return [
        {"customer_id": j.customer_id, "kind": j.kind, "judged_on": j.on} for j in latest.values() if j.kind
    ]


def _acceptances(world: World, day: date) -> list[dict[str, Any]]:
    latest: dict[int, tuple[date, int, str]] = {}
    for a in world.acceptances:
        if a.effective_on <= day:
            latest[a.document_id] = max(
                latest.get(a.document_id, (date.min, 0, "")), (a.effective_on, a.id, a.state)
            )
    return [{"document_id": d, "acceptance_state": state} for d, (_, _, state) in latest.items()]
