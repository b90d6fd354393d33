"""Builds the world of docs/specimen.md from the facts of its blocks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.frame import strategy_of
from tests.oracle.ledger import Ledger
from tests.oracle.world import (
    EXPONENTS,
    Acceptance,
    Credit,
    Customer,
    Episode,
    Law,
    Line,
    Message,
    Overlay,
    OverlayEnd,
    Promise,
    PromisePart,
    Reply,
    Settings,
    Strategy,
    Task,
    World,
)

Table = Mapping[str, Any]


def minor(amount: Decimal | int, currency: str) -> int:
    """Whole minor units; the page must not write more decimals than the currency has."""
    scaled = Decimal(amount).scaleb(EXPONENTS[currency])
    assert scaled == int(scaled), f"{amount} {currency}"
    return int(scaled)


def _rates(rows: list[Table]) -> tuple[tuple[date, int], ...]:
    return tuple((row["from"], int(Decimal(row["percent"]) * 100)) for row in rows)


class Facts:
    """Builds the world from the facts of every customer; lines and credits are known by their names."""

    def __init__(self, head: Table, strategies: Mapping[str, Strategy]) -> None:
        creditor = head["creditor"]
        self.as_of: date = head["as_of"]
        self.strategies = strategies
        self.settings = Settings(
            country=creditor["country"],
            tolerance_minor=minor(creditor["tolerance"], creditor["currency"]),
            live_from=creditor["live_from"],
            default_strategy=creditor["default_strategy"],
        )
        law = head["law"]
        self.law = Law(_rates(law["late_payment"]), _rates(law["legal_interest"]))
        self.ledger = Ledger()
        self.line_ids: dict[str, int] = {}
        self.credit_ids: dict[str, int] = {}

    def add_debts(self, customer_id: int, facts: Table) -> None:
        """The customer itself, its lines and credits."""
        names = ("segment", "country", "language", "strategy", "contract_rate_bp", "insolvent_on")
        own: dict[str, Any] = {name: facts[name] for name in names if name in facts}
        flags: dict[str, Any] = {
            f"has_{c}": c in facts["reach"] for c in ("email", "phone", "whatsapp", "post")
        }
        self.ledger.customers.append(Customer(customer_id, facts["code"], facts["kind"], **own, **flags))
        documents: dict[str, int] = {}
        for row in facts.get("lines", []):
            self._line(customer_id, row, documents)
        for row in facts.get("credits", []):
            self._credit(customer_id, row)

    def _line(self, customer_id: int, row: Table, documents: dict[str, int]) -> None:
        number = row["no"].split("/")[0]
        if number not in documents:
            documents[number] = self.ledger.next_document()
        currency = row.get("currency", "EUR")
        line_id = self.line_ids[row["no"]] = len(self.line_ids) + 1
        line = Line(
            id=line_id,
            document_id=documents[number],
            number=number,
            kind=row.get("kind", "invoice"),
            customer_id=customer_id,
            currency=currency,
            amount_minor=minor(row["amount"], currency),
            issued_on=row["issued"],
            due_date=row["due"],
        )
        self.ledger.add_line(line)
        if "claimed" in row:
            self.ledger.claims[line_id] = row["claimed"]
        if "accepted" in row:
            accepted = Acceptance(len(self.ledger.acceptances) + 1, line.document_id, **row["accepted"])
            self.ledger.acceptances.append(accepted)

    def _credit(self, customer_id: int, row: Table) -> None:
        currency = row.get("currency", "EUR")
        credit_id = self.credit_ids[row["no"]] = len(self.credit_ids) + 1
        owner = None if row.get("unidentified") else customer_id
        kind = row.get("kind", "payment")
        self.ledger.add_credit(
            Credit(credit_id, kind, owner, currency, minor(row["amount"], currency), row["on"])
        )

    def add_moves(self, facts: Table) -> None:
        """Allocations (of any customer's lines), then refunds, then what was returned."""
        for row in facts.get("credits", []):
            currency = row.get("currency", "EUR")
            for line, amount in row.get("to", {}).items():
                self.ledger.allocate(self.credit_ids[row["no"]], self.line_ids[line], minor(amount, currency))
            if "refunded" in row:
                amount = minor(row["refunded"]["amount"], currency)
                self.ledger.refund(self.credit_ids[row["no"]], amount, row["refunded"]["on"])
            if "returned" in row:
                amount = minor(row["returned"]["amount"], currency)
                self.ledger.reverse_credit(self.credit_ids[row["no"]], amount, row["returned"]["on"])

    def add_story(self, customer_id: int, facts: Table) -> None:
        """Overlays, episodes, messages, tasks and replies."""
        for row in facts.get("overlays", []):
            self._overlay(customer_id, row)
        for row in facts.get("promises", []):
            self._promise(customer_id, row)
        for row in facts.get("episodes", []):
            line_id = self.line_ids[row["line"]] if "line" in row else None
            episode_id = len(self.ledger.episodes) + 1
            self.ledger.episodes.append(
                Episode(episode_id, customer_id, line_id, row["opened"], row.get("closed"))
            )
        for row in facts.get("messages", []):
            self._dunning(customer_id, row)
        for row in facts.get("tasks", []):
            self._task(customer_id, row)
        for row in facts.get("notices", []):
            self._notice(customer_id, row)
        for row in facts.get("replies", []):
            reply = Reply(len(self.ledger.replies) + 1, customer_id, row["kind"], row["on"])
            self.ledger.replies.append(reply)

    def _overlay(self, customer_id: int, row: Table) -> None:
        line_id = self.line_ids[row["line"]] if "line" in row else None
        amount = None
        if "amount" in row and line_id is not None:
            amount = minor(row["amount"], self.ledger.lines[line_id].currency)
        overlay_id = len(self.ledger.overlays) + 1
        self.ledger.overlays.append(
            Overlay(overlay_id, row["kind"], customer_id, line_id, row["on"], amount, row.get("until"))
        )
        if "ended" in row:
            end = OverlayEnd(len(self.ledger.overlay_ends) + 1, overlay_id, row["ended"])
            self.ledger.overlay_ends.append(end)

    def _promise(self, customer_id: int, row: Table) -> None:
        """Of each line so much; what was open of it then is the line less the credits that were known."""
        known = {self.credit_ids[number] for number in row.get("knows", [])}
        seen = [a for a in self.ledger.allocations.values() if a.credit_id in known]
        parts = []
        for number, amount in row["parts"].items():
            line = self.ledger.lines[self.line_ids[number]]
            gone = sum(a.amount_minor for a in seen if a.line_id == line.id)
            parts.append(PromisePart(line.id, minor(amount, line.currency), line.amount_minor - gone))
        self.ledger.promises.append(
            Promise(
                id=len(self.ledger.promises) + 1,
                customer_id=customer_id,
                currency=self.ledger.lines[parts[0].line_id].currency,
                made_on=row["on"],
                promised_on=row["by"],
                grace_days=row.get("grace", 0),
                tolerance=0,
                known=max((a.id for a in seen), default=0),
                parts=tuple(parts),
                withdrawn_on=row.get("withdrawn"),
            )
        )

    def _episode(self, customer_id: int, line_id: int | None) -> Episode:
        mine = [e for e in self.ledger.episodes if (e.customer_id, e.line_id) == (customer_id, line_id)]
        return mine[-1]

    def _rank(self, customer_id: int, step: str) -> int:
        world = self.world()
        strategy = strategy_of(world, world.customers[customer_id - 1])
        return [s.id for s in strategy.steps].index(step) + 1

    def _dunning(self, customer_id: int, row: Table) -> None:
        line_id = self.line_ids[row["line"]] if "line" in row else None
        episode = self._episode(customer_id, line_id)
        rank = self._rank(customer_id, row["step"])
        self._message(
            customer_id,
            row,
            kind="dunning",
            step=row["step"],
            rank=rank,
            episode_id=episode.id,
            line_id=line_id,
        )

    def _notice(self, customer_id: int, row: Table) -> None:
        line_id = self.line_ids[row["line"]]
        self._message(
            customer_id, row, kind="document", step=row["entry"], rank=None, episode_id=None, line_id=line_id
        )

    def _message(
        self,
        customer_id: int,
        row: Table,
        *,
        kind: str,
        step: str,
        rank: int | None,
        episode_id: int | None,
        line_id: int | None,
    ) -> None:
        subject = (step, episode_id, line_id)
        before = [m for m in self.ledger.messages if (m.step, m.episode_id, m.line_id) == subject]
        message = Message(
            id=len(self.ledger.messages) + 1,
            customer_id=customer_id,
            kind=kind,
            step=step,
            rank=rank,
            state=row["state"],
            planned_on=row["on"],
            sent_on=row["on"] if row["state"] in ("sent", "unknown") else None,
            occurrence=len(before) + 1,
            episode_id=episode_id,
            line_id=line_id,
        )
        self.ledger.messages.append(message)

    def _task(self, customer_id: int, row: Table) -> None:
        line_id = self.line_ids[row["line"]] if "line" in row else None
        self.ledger.tasks.append(
            Task(
                id=len(self.ledger.tasks) + 1,
                customer_id=customer_id,
                episode_id=self._episode(customer_id, line_id).id,
                step=row["step"],
                rank=self._rank(customer_id, row["step"]),
                state=row["state"],
                created_on=row["on"],
                done_on=row["on"] if row["state"] in ("done", "skipped") else None,
            )
        )

    def world(self) -> World:
        """What was read so far."""
        return self.ledger.world(self.as_of, self.settings, self.law, self.strategies)
