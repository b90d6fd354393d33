"""Houses live a year each, and no law of the house is broken. docs/reliability.md."""

import time

import pytest

from tests.simulation.year import Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_EACH_TIME = 3
"""Years lived each time, from the first seed on; the others at night."""


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.night if seed > _EACH_TIME else ()) for seed in range(1, 21)],
)
def test_a_year_of_a_house_breaks_no_law(seed):
    begun = time.process_time()
    counts = Year(seed).live()
    print(f"seed {seed}: {time.process_time() - begun:.1f} s, {dict(sorted(counts.items()))}")
    assert counts["mails"] > 10
