"""SMS and WhatsApp over a provider that takes, refuses, puts off, breaks off or talks nonsense."""

import pytest

from aldia.operations.outbox import account
from tests.fakes.provider import fake_provider
from tests.operations.outbox.house import dispatches, fates, send
from tests.operations.outbox.short_house import WAYS, over_twilio, pass_short, short_house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_short(monkeypatch)
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 1.5)


@pytest.mark.parametrize("way", WAYS)
def test_each_message_leaves_once_and_bears_the_providers_name(way):
    channel, over = WAYS[way]
    with fake_provider() as fake:
        creditor = short_house(3, channel=channel)
        over(creditor, fake)
        report = send(creditor)
        send(creditor)
    assert (report.sent, report.trouble, len(fake.taken)) == (3, "", 3)
    assert fates(creditor) == {"sent": 3}
    assert [each.provider_id for each in dispatches(creditor)] == [each.provider_id for each in fake.taken]
    assert {each.reference for each in fake.taken} == {
        each.message_id.strip("<>") for each in dispatches(creditor)
    }


def test_a_twilio_sms_says_who_writes_to_whom_and_where_to_bring_the_news():
    with fake_provider() as fake:
        creditor = short_house(1)
        over_twilio(creditor, fake)
        send(creditor)
    asked = fake.requests[0]
    assert (asked["From"], asked["To"]) == ("+34911000000", "+34600000000")
    assert asked["Body"] == "Hola, sms0: debe 100 EUR."
    assert asked["StatusCallback"].startswith(
        f"https://aldia.example.com/api/hooks/{creditor.code}/twilio/?m=aldia."
    )
    assert asked["Authorization"].startswith("Basic ")
