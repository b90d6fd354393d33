import time, pytest, os
from tests.simulation.year import Year, EVERY_DAY
pytestmark=[pytest.mark.django_db(transaction=True)]
@pytest.mark.parametrize("seed", [int(x) for x in os.environ["SEEDS"].split(",")])
def test_prof(seed):
    u=time.process_time(); w=time.perf_counter(); y=Year(seed, EVERY_DAY)
    try: y.live()
    finally: print(f"\nSEED {seed} cpu {time.process_time()-u:.1f} wall {time.perf_counter()-w:.0f}", dict(sorted(y.counts.items())), flush=True)
