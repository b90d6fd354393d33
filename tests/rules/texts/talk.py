"""One message's facts, with quiet defaults."""

from datetime import date, timedelta
from typing import Any

from aldia.rules.texts.speech import Said, Speech

TODAY = date(2026, 11, 20)


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
