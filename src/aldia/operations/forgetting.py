"""What has had its time and is nobody's record: sessions that ended, keys of forms sent long ago."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from aldia.records.tenancy.models import Creditor, TakenForm
from aldia.records.tenancy.scope import scope

FORMS_KEPT = timedelta(days=90)  # a page left open that long asks for a new log-in anyway


def forget_old(*, now: datetime) -> dict[str, int]:
    """Take away ended sessions and old keys of forms; how many of each: sessions, forms."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    forms = 0
    for creditor_id in Creditor.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic(), scope([creditor_id]):
            old = TakenForm.objects.filter(creditor_id=creditor_id, recorded_at__lt=now - FORMS_KEPT)
            forms += old.delete()[0]
    return {"sessions": sessions, "forms": forms}
