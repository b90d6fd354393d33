import random, time, cProfile, pstats
from datetime import date, datetime, timedelta, UTC
import pytest
from django.db import connection
from tests.simulation.house import found_house, _invoice_row, _INVOICES
from tests.simulation.deeds import Issue, Pay
from aldia.operations.run import daily_run
from aldia.operations.outbox import send_due, approve
pytestmark=[pytest.mark.django_db(transaction=True)]
def test_probe():
    rng=random.Random(1)
    now=datetime(2026,1,12,7,tzinfo=UTC)
    h=found_house(rng,"p1",now,customers=14,trouble=0)
    with connection.cursor() as c:
        for n in ("fsync","synchronous_commit","shared_buffers","jit"):
            c.execute(f"SHOW {n}"); print(n,c.fetchone())
    for m in range(4):
        now=datetime(2026,1,12,7,tzinfo=UTC)+timedelta(days=28*m)
        day=now.date()
        issues=[Issue(day,p,p.next_number(),p.currencies[0],((10000+m,day+timedelta(days=20)),)) for p in h.everybody]
        h._import("invoices", _INVOICES, [_invoice_row(i) for i in issues], now)
        daily_run(creditor=h.creditor,on=day,now=now,actor="t")
    def prof(name, f, n):
        pr=cProfile.Profile(); t=time.perf_counter(); u=time.process_time()
        pr.enable(); 
        for i in range(n): f(i)
        pr.disable(); print(f"=== {name}: wall {1000*(time.perf_counter()-t)/n:.0f} cpu {1000*(time.process_time()-u)/n:.0f} ms each")
        st=pstats.Stats(pr); st.sort_stats("tottime").print_stats(22); st.sort_stats("cumtime").print_stats("aldia", 40)
    t=time.perf_counter(); u=time.process_time()
    for i in range(10): daily_run(creditor=h.creditor,on=day,now=now,actor="t")
    print("rerun", (time.perf_counter()-t)*100, (time.process_time()-u)*100)
    prof("run", lambda i: daily_run(creditor=h.creditor,on=day+timedelta(days=i),now=now+timedelta(days=i),actor="t"), 8)
    approve(creditor=h.creditor, actor="x", now=now)
    prof("send", lambda i: print(send_due(creditor=h.creditor, now=now+timedelta(days=7,hours=3), actor="t").as_dict()), 1)
    prof("send none", lambda i: print(send_due(creditor=h.creditor, now=now+timedelta(days=7,hours=3), actor="t").as_dict()), 6)
