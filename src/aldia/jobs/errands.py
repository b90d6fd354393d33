"""Long errands that somebody asked for on a page: the one just asked for, and those that were left open."""

from django.db import transaction
from procrastinate.contrib.django import app

from aldia.kernel import clock
from aldia.operations.errands import do_errand
from aldia.queries.creditors import all_creditors
from aldia.queries.errands import waiting_errands
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


@app.task(name="aldia.do_errand")
def do_one(creditor_id: int, errand_id: int) -> bool:
    """The errand, at once. Returns whether this job did it."""
    creditor = Creditor.objects.get(pk=creditor_id)
    return do_errand(creditor=creditor, errand_id=errand_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="aldia.do_open_errands", queueing_lock="aldia.do_open_errands")
def do_open(timestamp: int) -> list[int]:
    """Every minute: those whose worker died begin again. Returns their ids."""
    creditors = {creditor.pk: creditor for creditor in all_creditors()}
    with transaction.atomic(), scope(creditors):
        waiting = waiting_errands(list(creditors))
    return [
        errand_id
        for creditor_id, errand_id in waiting
        if do_errand(creditor=creditors[creditor_id], errand_id=errand_id, now=clock.now())
    ]
