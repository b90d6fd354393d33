"""How much one member gives up of one line: the limit is not for each click."""

import pytest

from aldia.operations.giving_up import BeyondAuthority, write_off_as
from aldia.operations.ledger import reverse_write_off
from aldia.records.tenancy.models import Membership, User
from tests.laws.books import NOW, day, open_books, open_minor

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    with open_books() as opened:
        yield opened


def _gives_up(books, line, minor, on=1, *, who="ana"):
    """Members may give up 50 €."""
    user, _ = User.objects.get_or_create(email=f"{who}@luz.example", name=who)
    member, _ = Membership.objects.get_or_create(
        user=user, creditor_id=books.creditor_id, role="manager", write_off_max_minor=5_000
    )
    return write_off_as(
        member=member,
        due_line_id=line,
        amount_minor=minor,
        on=day(on),
        actor=f"user:{user.pk}",
        now=NOW,
        reason="",
    ).credit_id


def test_what_the_same_person_gave_up_of_the_line_counts_whatever_the_day(books):
    line, other = books.invoice(20_000), books.invoice(20_000)
    _gives_up(books, line, 3_000, on=1)
    with pytest.raises(BeyondAuthority) as refusal:
        _gives_up(books, line, 2_001, on=5)
    assert refusal.value.facts["earlier_minor"] == 3_000
    _gives_up(books, line, 2_000, on=5)
    _gives_up(books, other, 5_000, on=5)
    _gives_up(books, line, 5_000, on=5, who="eva")
    assert (open_minor(line), open_minor(other)) == (10_000, 15_000)


def test_all_of_a_line_is_its_rest_and_counts_too(books):
    line = books.invoice(6_000)
    _gives_up(books, line, 3_000)
    with pytest.raises(BeyondAuthority):
        _gives_up(books, line, None)


def test_what_was_taken_back_does_not_count(books):
    line = books.invoice(20_000)
    first = _gives_up(books, line, 5_000)
    said = {"creditor_id": books.creditor_id, "actor": "ana", "now": NOW}
    reverse_write_off(**said, credit_id=first, on=day(2))
    _gives_up(books, line, 5_000, on=3)
    assert open_minor(line) == 15_000
