"""Outcomes, calls and reviews of the world that the attacks work upon."""

from datetime import date, datetime

from aldia.records.cases.models import Call, Case, OutcomeCode, Task
from aldia.records.outreach.models import Message, QualityReview
from aldia.records.parties.models import Customer
from tests import factories as make


def calls_of(customer: Customer, case: Case, day: date, moment: datetime) -> Call:
    """A call of the customer that another puts right, both reviewed together with a message."""
    own, member = {"creditor_id": customer.creditor_id}, customer.owner
    assert member is not None
    OutcomeCode.objects.create(**own, code="shop", label="Pagó en tienda", effect="paid")
    of = own | {"customer": customer}
    task = Task.objects.filter(customer=customer).earliest("pk")
    said = {"case": case, "member": member, "task": task, "at": moment, "on_date": day, "actor": "ana"}
    wrong = Call.objects.create(**of, **said, reached="nobody", outcome="no_answer")
    call = Call.objects.create(**of, **said, reached="right_party", outcome="spoken", corrects=wrong)
    marks = {"facts": 3, "respect": 3, "next_step": 2, "at": moment, "member": member}
    reviewer = make.membership(creditor=customer.creditor, role="manager")
    message = Message.objects.filter(customer=customer).earliest("pk")
    QualityReview.objects.create(**of, **marks, reviewer=reviewer, call=call)
    QualityReview.objects.create(**of, **marks, reviewer=reviewer, message=message)
    return call
