"""`aldia settings` shows and changes; what cannot be is refused in words and changes nothing."""

from datetime import date, time

import pytest
from django.db import transaction

from aldia.operations.settings import SettingRefused, change_settings
from aldia.records.audit.models import AuditEntry
from aldia.records.tenancy.scope import scope
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_settings_change_together_with_one_entry_in_the_chain() -> None:
    creditor = factories.creditor()
    changed = change_settings(
        creditor=creditor,
        actor="ana",
        now=factories.MORNING,
        run_at=time(7, 30),
        live_from=date(2026, 1, 1),
        aging_edges=[0, 15, 45],
        tolerance_minor=100,
        brake_messages_max=50,
    )
    assert (changed.run_at, changed.live_from, changed.aging_edges) == (
        time(7, 30),
        date(2026, 1, 1),
        [0, 15, 45],
    )
    with transaction.atomic(), scope([creditor.pk]):
        entry = AuditEntry.objects.get()
    assert entry.verb == "creditor.settings_changed"
    assert entry.payload["run_at"] == "07:30:00"


@pytest.mark.parametrize(
    "change",
    [
        {"aging_edges": [30, 60]},
        {"aging_edges": [0, 60, 30]},
        {"tolerance_minor": -1},
        {"brake_share_percent": 101},
        {"brake_median_times": 0},
        {"reopen_days": 400},
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_set(change: dict[str, list[int] | int]) -> None:
    creditor = factories.creditor()
    with pytest.raises(SettingRefused):
        change_settings(creditor=creditor, actor="ana", now=factories.MORNING, run_at=time(7, 30), **change)
    creditor.refresh_from_db()
    assert creditor.run_at is None
