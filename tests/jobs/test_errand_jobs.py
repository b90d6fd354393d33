"""Errands of pages: the job does the one it names, the clock those whose job was lost; each once."""

import pytest
from django.db import transaction

from aldia.operations.errands import ask_for
from aldia.records.intake.models import Errand
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, balances, staged, table

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _asked():
    creditor = make_creditor()
    batch = staged(creditor, table(["F1", "C1", "13/01/2026", "13/02/2026", "100,00"]))
    errand = ask_for(creditor=creditor, kind="import", batch_id=batch.pk, wishes={}, actor="user:1", now=NOW)
    return creditor, errand


def test_an_errand_is_done_by_its_job_or_by_the_clock_and_once():
    from aldia.jobs.errands import do_one, do_open

    (one, first), (other, second) = _asked(), _asked()
    assert do_one(creditor_id=one.pk, errand_id=first.pk) is True
    assert do_open(timestamp=0) == [second.pk]
    assert do_one(creditor_id=other.pk, errand_id=second.pk) is False
    assert do_open(timestamp=60) == []
    assert len(balances(one)) == len(balances(other)) == 1
    with transaction.atomic(), scope([one.pk, other.pk]):
        assert not Errand.objects.filter(finished_at=None).exists()


def test_the_settings_wire_the_errands_to_the_worker():
    from django.conf import settings

    assert "aldia.jobs.errands" in getattr(settings, "PROCRASTINATE_IMPORT_PATHS", [])
