import time, pytest, os, resource
from tests.simulation.year import Year, Shape, EVERY_DAY
pytestmark=[pytest.mark.django_db(transaction=True)]
@pytest.mark.parametrize("seed", range(int(os.environ.get("FROM","1")), int(os.environ.get("TO","4"))))
def test_prof(seed):
    u=time.process_time(); w=time.perf_counter()
    y=None
    try:
        y=Year(seed); print("found cpu %.1f"%(time.process_time()-u)); y.live()
    finally:
        if y: print(f"\nSEED {seed} cpu {time.process_time()-u:.1f} wall {time.perf_counter()-w:.0f}", dict(sorted(y.counts.items())))
