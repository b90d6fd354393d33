"""A step on the channel «carta» becomes a finished PDF in the print tray, once."""

import hashlib
from datetime import date

import pytest

from tests.operations.letters.post import by_post, dispatches, letters, pages_of, pdf_of, post_house, send
from tests.queries.gate_house import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_step_by_letter_ends_in_the_tray():
    house = post_house()
    by_post(house, "TARDE", (120_000, date(2026, 9, 1)), name="Talleres Tarde, S.L.")
    house.run()
    print(house.rules(), house.bundles())
    report = send(house.creditor)
    print(report.as_dict())
    assert (report.sent, report.trouble) == (1, "")
    (letter,), (dispatch,) = letters(house.creditor), dispatches(house.creditor)
    assert (letter.state, letter.channel, letter.dispatch_id) == ("tray", "letter", dispatch.pk)
    assert (dispatch.state, dispatch.channel) == ("sent", "letter")
    pdf = pdf_of(letter)
    assert hashlib.sha256(pdf).hexdigest() == letter.sha256
    pages = pages_of(pdf)
    assert len(pages) == letter.pages
    print(pages)
    assert "Talleres Tarde, S.L." in pages[0]
    assert NOW
