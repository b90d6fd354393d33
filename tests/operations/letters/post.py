"""A creditor that writes letters: customers who can be reached by post alone."""

import io
from datetime import date
from typing import Any

from django.db import transaction
from pypdf import PdfReader

from aldia.operations.outbox import SendReport, send_everything, use_mailbox
from aldia.records.outreach.models import Dispatch, DispatchAttachment, Letter
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.queries.gate_house import NOW, House, house, use_strategy

ACTOR = "prueba"
IBAN = "ES9121000418450200051332"
LETTERHEAD = {
    "street": "Calle Mayor 1, 2.º B",
    "postcode": "28013",
    "city": "Madrid",
    "tax_id": "B12345674",
    "iban": IBAN,
}
STREET = "Avenida de la Constitución 25, 3.º, 41001 Sevilla, Sevilla"


def post_house(*, channel: str = "letter", claims: bool = True, **settings: Any) -> House:
    """«Papelería Luz» with a letterhead, whose mail stays in the house and whose first step is a letter."""
    found = house(**LETTERHEAD | settings)
    use_mailbox(creditor=found.creditor, actor=ACTOR, now=NOW)
    use_strategy(found, "pymes", lambda toml: _by_letter(toml, channel, claims))
    return found


def _by_letter(toml: str, channel: str, claims: bool) -> str:
    before, mark, step = toml.partition('id = "friendly"')
    step = step.replace('channels = ["email", "whatsapp", "sms"]', f'channels = ["{channel}"]', 1)
    step = step.replace('template = "friendly"', 'template = "formal_demand"\nnew_deadline_days = 10', 1)
    step = step.replace("\nnew_deadline_days", "\nclaims = true\nnew_deadline_days", 1) if claims else step
    return before + mark + step


def by_post(house: House, code: str, *dues: tuple[int, date], address: str = STREET, **fields: Any) -> None:
    """A business that owes these amounts since those days and has a postal address only."""
    house.customer(code, *dues, **{"reached": ("post",), "person_kind": "business", **fields})
    with house.inside():
        ContactPoint.objects.filter(customer=house.customers[code], channel="post").update(value=address)


def send(creditor: Creditor, now: Any = NOW) -> SendReport:
    """One round of sending at that moment."""
    return send_everything(creditor=creditor, moments=[now], actor=ACTOR)


def letters(creditor: Creditor, **which: Any) -> list[Letter]:
    """In the order in which they came."""
    with transaction.atomic(), scope([creditor.pk]):
        rows = Letter.objects.filter(creditor=creditor, **which).select_related("dispatch", "batch")
        return list(rows.order_by("pk"))


def dispatches(creditor: Creditor) -> list[Dispatch]:
    with transaction.atomic(), scope([creditor.pk]):
        return list(Dispatch.objects.filter(creditor=creditor).order_by("pk"))


def pdf_of(letter: Letter) -> bytes:
    with transaction.atomic(), scope([letter.creditor_id]):
        found = DispatchAttachment.objects.get(dispatch_id=letter.dispatch_id, attempt=letter.attempt)
        return bytes(found.content)


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, fixed spaces as spaces."""
    return [
        " ".join(page.extract_text().replace("\u00a0", " ").replace("\u202f", " ").split())
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]
