"""Whole years, day by day, with ever new seeds, for as long as the night lasts."""

import os
import random
import time

import pytest

from tests.simulation.year import EVERY_DAY, Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.night]


def test_years_without_end_break_no_law():
    """Fails with the seed of the year; ALDIA_SIMULATION_SEED lives that year again."""
    wanted = os.environ.get("ALDIA_SIMULATION_SEED")
    until = time.monotonic() + 60 * float(os.environ.get("ALDIA_NIGHT_MINUTES", "10"))
    years = 0
    while not years or (time.monotonic() < until and not wanted):
        seed = int(wanted) if wanted else random.randrange(10**6, 10**9)
        print(f"year of seed {seed} begins", flush=True)
        counts = Year(seed, EVERY_DAY).live()
        years += 1
        print(f"  {dict(sorted(counts.items()))}", flush=True)
    print(f"{years} years, no law broken")
