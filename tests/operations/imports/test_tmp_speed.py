import time, pytest, cProfile, pstats
from aldia.operations import imports
from tests.operations.imports.tables import *
from tests.formats.table.tables import us_export_twin
from tests.laws.books import make_creditor
pytestmark = pytest.mark.django_db
def test_speed():
    c = make_creditor(currency="USD")
    data = us_export_twin(100_000)
    t=time.perf_counter()
    b = staged(c, data, options=ImportOptions())
    t1=time.perf_counter(); print("stage", t1-t)
    p=cProfile.Profile(); p.enable()
    r = imports.commit(creditor=c, batch_id=b.pk, actor="a", now=NOW, progress=lambda d,n: print(d,n,round(time.perf_counter()-t1,1)))
    p.disable()
    t2=time.perf_counter(); print("commit", t2-t1, r.counts)
    pstats.Stats(p).sort_stats("cumtime").print_stats(30)
    t=time.perf_counter()
    r = imported(c, data, options=ImportOptions()); print("again", time.perf_counter()-t, r.counts)
    t=time.perf_counter()
    print(imports.undo(creditor=c, batch_id=b.pk, actor="a", now=NOW).counts, time.perf_counter()-t)
