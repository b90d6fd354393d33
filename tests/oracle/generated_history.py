"""Episodes and what was sent in them, for generated worlds: ladders walked to some rung, in every state."""

import random
from datetime import date, timedelta

from tests.oracle.frame import strategy_of
from tests.oracle.ledger import Ledger
from tests.oracle.world import (
    REASONS,
    CallMade,
    Customer,
    Episode,
    Judgement,
    Message,
    Reply,
    Strategy,
    Task,
    World,
)

_FAILED = ("cancelled", "refused", "failed")
_PENDING = ("planned", "waiting_approval", "approved", "sending")
_REPLY_KINDS = ("promise", "question", "dispute", "paid", "other")


def add_history(rng: random.Random, ledger: Ledger, world: World) -> None:
    """Episodes, messages, tasks, notices and replies; nothing of it moves money."""
    for customer in world.customers:
        strategy = strategy_of(world, customer)
        lines = [line for line in world.lines if line.customer_id == customer.id]
        subjects = [line.id for line in lines] if strategy.per == "item" else [None]
        for subject in subjects:
            _episodes(rng, ledger, as_of=world.as_of, customer=customer, strategy=strategy, line_id=subject)
        for line in lines:
            for entry in strategy.documents:
                if rng.random() < 0.3:
                    on = world.as_of - timedelta(days=rng.randint(1, 40))
                    _tries(rng, ledger, customer.id, entry.id, on=on, line_id=line.id)
        for _ in range(rng.choice([0, 0, 1, 2, 4])):
            on = world.as_of - timedelta(days=rng.randint(-3, 60))
            ledger.replies.append(Reply(len(ledger.replies) + 1, customer.id, rng.choice(_REPLY_KINDS), on))


def add_reasons(rng: random.Random, ledger: Ledger, as_of: date) -> None:
    """What customers say of why they have not paid, and what people make of it."""

    def on() -> date:
        return as_of - timedelta(
            days=rng.choice([-2, 0, 3, 30, 45, 89, 90, 100, 119, 150, 200, 364, 365, 400])
        )

    for customer in ledger.customers:
        for _ in range(rng.choice([0, 0, 0, 0, 1, 1, 3])):
            kind = rng.choice(["forgot", "cannot", "will_not", "disputes"])
            ledger.replies.append(Reply(len(ledger.replies) + 1, customer.id, kind, on()))
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            ledger.calls.append(_call(rng, len(ledger.calls) + 1, customer.id, on()))
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2])):
            kind = rng.choice(["", "casual", "stalling", "careless", "chronic", "illiquid", "good_payer"])
            ledger.judgements.append(Judgement(len(ledger.judgements) + 1, customer.id, kind, on()))


def _call(rng: random.Random, id_: int, customer_id: int, on: date) -> CallMade:
    """A reason comes from the customer in person; most calls reach nobody."""
    spoken = rng.random() < 0.6
    reason = rng.choice(["", *REASONS]) if spoken else ""
    outcome = rng.choice(["spoken", "promise", "paid"] if spoken else ["no_answer", "voicemail"])
    return CallMade(id_, customer_id, reason, on, outcome, tried=rng.random() < 0.8, spoken=spoken)


def _episodes(
    rng: random.Random,
    ledger: Ledger,
    *,
    as_of: date,
    customer: Customer,
    strategy: Strategy,
    line_id: int | None,
) -> None:
    """Up to one closed episode, then up to one that is open (or closes after the as-of day)."""
    opened = as_of - timedelta(days=rng.randint(150, 400))
    if rng.random() < 0.25:
        closed = opened + timedelta(days=rng.randint(1, 80))
        episode = Episode(len(ledger.episodes) + 1, customer.id, line_id, opened, closed)
        _walk(rng, ledger, strategy, episode)
    if rng.random() < 0.65:
        opened = as_of - timedelta(days=rng.randint(0, 70))
        closed_later = as_of + timedelta(days=rng.randint(1, 20)) if rng.random() < 0.1 else None
        episode = Episode(len(ledger.episodes) + 1, customer.id, line_id, opened, closed_later)
        _walk(rng, ledger, strategy, episode)


def _walk(rng: random.Random, ledger: Ledger, strategy: Strategy, episode: Episode) -> None:
    """Adds the episode and what was tried in it, rung by rung until one is not done."""
    ledger.episodes.append(episode)
    on = episode.opened_on
    for rank, step in enumerate(strategy.steps[: rng.randint(0, len(strategy.steps))], start=1):
        on += timedelta(days=rng.randint(0, 12))
        if rng.random() < 0.12:
            _task(rng, ledger, episode, (step.id, rank), on)
        elif not _tries(rng, ledger, episode.customer_id, step.id, on=on, episode=episode, rank=rank):
            return


def _task(rng: random.Random, ledger: Ledger, episode: Episode, rung: tuple[str, int], on: date) -> None:
    state = rng.choice(["open", "done", "done", "skipped", "cancelled"])
    done_on = on + timedelta(days=rng.randint(0, 3)) if state in ("done", "skipped") else None
    step, rank = rung
    task = Task(len(ledger.tasks) + 1, episode.customer_id, episode.id, step, rank, state, on, done_on)
    ledger.tasks.append(task)


def _tries(
    rng: random.Random,
    ledger: Ledger,
    customer_id: int,
    step: str,
    *,
    on: date,
    episode: Episode | None = None,
    rank: int | None = None,
    line_id: int | None = None,
) -> bool:
    """Some tries that came to nothing, then one in another state or none. Whether the step ended done."""
    states = [rng.choice(_FAILED) for _ in range(rng.choice([0, 0, 0, 1, 2]))]
    last = rng.choices(["sent", "unknown", "skipped", "pending", "none"], [10, 1, 2, 2, 1])[0]
    if last != "none":
        states.append(rng.choice(_PENDING) if last == "pending" else last)
    for occurrence, state in enumerate(states, start=1):
        sent_on = on + timedelta(days=rng.randint(0, 2)) if state in ("sent", "unknown") else None
        message = Message(
            id=len(ledger.messages) + 1,
            customer_id=customer_id,
            kind="document" if episode is None else "dunning",
            step=step,
            rank=rank,
            state=state,
            planned_on=on,
            sent_on=sent_on,
            occurrence=occurrence,
            episode_id=None if episode is None else episode.id,
            line_id=line_id if episode is None else episode.line_id,
        )
        ledger.messages.append(message)
    return last in ("sent", "unknown", "skipped")
