"""A creditor with SMS and WhatsApp to send, and a provider that takes them."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from aldia.operations.channels import set_channel
from aldia.operations.outbox import claiming
from aldia.queries.rendering import Rendered
from aldia.records.cases.models import DailyRun
from aldia.records.outreach.models import ChannelAccount
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.house import ACTOR, DAY, NOW, _allowed, over_smtp

SID = "AC" + "0" * 32
APPROVED = {
    "friendly": {
        "name": "aviso_1",
        "language": "es",
        "body": "Hola, {{1}}: por su factura, {{2}}.",
        "placeholders": ["cliente", "total"],
    }
}
CONTENT = {"friendly": APPROVED["friendly"] | {"name": "HX" + "1" * 32}}


def number_of(customer: int) -> str:
    return f"+346000000{customer:02}"


def short_house(units: int = 4, *, channel: str = "sms", template: str = "friendly") -> Creditor:
    """A creditor with so many approved short messages, one customer each; its mail goes nowhere."""
    creditor = make.creditor()
    over_smtp(creditor, 1)
    add_units(creditor, units, channel=channel, template=template)
    return creditor


def add_units(creditor: Creditor, units: int, *, channel: str, template: str = "friendly") -> None:
    with transaction.atomic(), scope([creditor.pk]):
        run = DailyRun.objects.first() or make.run(creditor=creditor)
        for number in range(units):
            customer = make.customer(creditor=creditor, code=f"{channel}{number}")
            line = make.due_line(customer=customer)
            make.message(
                customer=customer,
                channel=channel,
                template=template,
                once_key=f"episode:{customer.pk}/first/1",
                bundle=f"dunning:{channel}{number:02}:{DAY}",
                state="approved",
                approved_by="ana",
                approved_at=NOW,
                planned_on=DAY,
                run=run,
                due_line=line,
            )


def over_twilio(creditor: Creditor, provider: FakeProvider, channel: str = "sms", **more: Any) -> None:
    """From now on the channel leaves by that provider."""
    set_channel(
        creditor=creditor,
        channel=channel,
        provider="twilio",
        settings={
            "account_sid": SID,
            "sender": "+34911000000",
            "base_url": provider.url,
            "public_url": "https://aldia.example.com",
            **({"templates": CONTENT} if channel == "whatsapp" else {}),
            **more,
        },
        secrets={"auth_token": "muy-secreto"},
        actor=ACTOR,
        now=NOW,
    )


def over_meta(creditor: Creditor, provider: FakeProvider, **more: Any) -> None:
    set_channel(
        creditor=creditor,
        channel="whatsapp",
        provider="meta",
        settings={
            "phone_number_id": "1234567890",
            "base_url": provider.url,
            "public_url": "https://aldia.example.com",
            "templates": APPROVED,
            **more,
        },
        secrets={"access_token": "EAAB", "app_secret": "hush"},
        actor=ACTOR,
        now=NOW,
    )


WAYS: dict[str, tuple[str, Any]] = {
    "sms": ("sms", over_twilio),
    "whatsapp_twilio": ("whatsapp", lambda creditor, fake: over_twilio(creditor, fake, "whatsapp")),
    "whatsapp_meta": ("whatsapp", over_meta),
}


def pass_short(monkeypatch: Any) -> None:
    """A gate that lets everything pass, a short text to the customer's number; any time is the present."""
    monkeypatch.setattr(claiming, "looked_at", lambda creditor, units, **_moment: _allowed(units))
    monkeypatch.setattr(claiming, "written", lambda creditor, units, **_moment: _texts(units))
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)


def _texts(units: Any) -> dict[str, Rendered]:
    codes = dict(Customer.objects.values_list("pk", "code"))
    return {unit.key: _text(codes[unit.customer_id], unit.channel) for unit in units}


def _text(code: str, channel: str) -> Rendered:
    number = number_of(int("".join(each for each in code if each.isdecimal())))
    return Rendered(
        recipient=number if channel != "email" else f"{code}@example.com",
        recipient_name=code,
        subject="" if channel != "email" else "Aviso",
        text=f"Hola, {code}: debe 100 EUR.",
        html="",
        language="es",
        template="friendly",
        values={"cliente": code, "total": "100 €"} if channel == "whatsapp" else {},
    )


def later(minutes: float) -> Any:
    return NOW + timedelta(minutes=minutes)


def account_of(creditor: Creditor, channel: str = "sms") -> ChannelAccount:
    with transaction.atomic(), scope([creditor.pk]):
        return ChannelAccount.objects.get(creditor=creditor, channel=channel)
