import cProfile, pstats, time, pytest, os
from tests.simulation.year import Year, Shape, EVERY_DAY
pytestmark=[pytest.mark.django_db(transaction=True)]
def test_prof():
    pr=cProfile.Profile(time.process_time); y=Year(int(os.environ.get("SEED","1"))); u=time.process_time(); pr.enable()
    try: y.live()
    finally:
        pr.disable(); print(dict(y.counts)); print("cpu", time.process_time()-u)
        st=pstats.Stats(pr); st.sort_stats("cumtime").print_stats("simulation|operations/(run/daily|outbox/sending)|claiming", 60); st.sort_stats("tottime").print_stats(25)
