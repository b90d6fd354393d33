"""One message's facts, with quiet defaults."""

from datetime import date, timedelta
from typing import Any

from aldia.rules.texts.placeholders import Use
from aldia.rules.texts.speech import (
    Balance,
    CopySaid,
    Disputed,
    Instalment,
    Promised,
    Received,
    Said,
    Service,
    Speech,
)

TODAY = date(2026, 11, 20)
STEP = frozenset({Use.DEBT, Use.STEPS})
NOTICE = frozenset({Use.DEBT})


def said(minor: int = 34_000, **changed: Any) -> Said:
    """An invoice of 340 €, fifteen days late."""
    days = changed.get("days", 15)
    values: dict[str, Any] = {
        "due_line_id": 1,
        "number": "F-2026/118",
        "label": "Factura F-2026/118",
        "due_date": TODAY - timedelta(days=days),
        "days": days,
        "currency": "EUR",
        "asked_minor": minor,
    }
    return Said(**values | changed)


def speech(**changed: Any) -> Speech:
    """Papelería Luz writes to Marta."""
    values: dict[str, Any] = {
        "creditor": "Papelería Luz",
        "customer": "Marta Gómez Ruiz",
        "code": "C0117",
        "today": TODAY,
        "lines": (said(),),
        "phone": "910 000 000",
        "tax_id": "B12345674",
        "manager": "Inés Luz",
        "how_to_pay": "Por transferencia a la cuenta de sus facturas.",
        "deadline": date(2026, 11, 27),
    }
    return Speech(**values | changed)


def full_speech(*, rest: dict[str, int] | None = None, **changed: Any) -> Speech:
    """A company of which there is everything to say. rest: what is still owed after the payment."""
    first, second = date(2026, 12, 5), date(2027, 1, 5)
    values: dict[str, Any] = {
        "person_kind": "business",
        "contact": "Ana Sol",
        "claims": True,
        "norm": "la Ley 3/2004",
        "lines": (said(interest_minor=142, compensation_minor=4_000), said(999, currency="USD")),
        "unapplied": {"EUR": 100},
        "consequence": "agency",
        "answer_by": date(2026, 12, 20),
        "balance": Balance(date(2026, 10, 31), {"EUR": 34_000}),
        "promise": Promised(34_000, "EUR", date(2026, 11, 27)),
        "plan": (Instalment(1, first, 17_000, "EUR"), Instalment(2, second, 17_000, "EUR")),
        "instalment": 1,
        "payment": Received(34_000, "EUR", date(2026, 11, 19), rest or {}),
        "dispute": Disputed("faltaba una caja", "abonamos la caja que faltaba"),
        "service": Service("la línea 910 000 000", first),
        "copies": (CopySaid("Factura F-1", "https://facturas.example/F-1.pdf"),),
    }
    return speech(**values | changed)


def poor_speech(**changed: Any) -> Speech:
    """Of what can be missing everything is; what a kind of text is about is there."""
    nothing: dict[str, Any] = {"deadline": None, "phone": "", "manager": "", "how_to_pay": "", "tax_id": ""}
    few: dict[str, Any] = {
        "promise": Promised(34_000, "EUR", date(2026, 11, 27)),
        "plan": (Instalment(1, date(2026, 12, 5), 17_000, "EUR"),),
        "instalment": 1,
        "payment": Received(34_000, "EUR", date(2026, 11, 19), {"EUR": 1}),
        "balance": Balance(date(2026, 10, 31), {}),
        "dispute": Disputed("faltaba una caja"),
        "service": Service("la línea 910 000 000", date(2026, 12, 5)),
    }
    return speech(**nothing | few | changed)
