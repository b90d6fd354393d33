"""Houses live a year each, and no law of the house is broken. docs/reliability.md."""

import time

import pytest

from tests.simulation.year import Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


_EACH_TIME = 2  # the others live at night: twenty years take longer than people wait


@pytest.mark.parametrize(
    "seed",
    [pytest.param(each, marks=pytest.mark.night if each > _EACH_TIME else ()) for each in range(1, 21)],
)
def test_a_year_of_a_house_breaks_no_law(seed):
    begun = time.process_time()
    counts = Year(seed).live()
    print(f"seed {seed}: {time.process_time() - begun:.1f} s, {dict(sorted(counts.items()))}")
    assert counts["mails"] > 10
