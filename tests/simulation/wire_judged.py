"""What the other side of the wire saw, compared with what the house believes. docs/reliability.md."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.simulation.house import House
from tests.simulation.mails_judged import Arrived
from tests.simulation.verdicts import Fault
from tests.simulation.wire import Attempt

_FATES = "SELECT key, state, resolved_at IS NOT NULL FROM outreach_dispatch"
_BELIEVED = {
    "taken": {"sent"},
    "refused": {"failed"},
    "put_off": {"returned", "claimed", "failed"},
    "lost": {"unknown"},
    "unheard": {"unknown"},
}
_LOOSE = """
SELECT count(*) FROM outreach_message
WHERE state = 'sending' OR state IN ('cancelled', 'failed', 'skipped') AND reason = ''
"""


def faults_of_wire(house: House, arrived: list[Arrived]) -> Iterator[Fault]:
    """I5, I7: a key is handed over once, a doubt never again; every attempt ends as the house wrote down."""
    by_key: dict[str, list[Attempt]] = defaultdict(list)
    for each in house.wire.attempts:
        by_key[each.key].append(each)
    for key, times in Counter(each.key for each in arrived).items():
        if times > 1:
            yield Fault("I5", f"{key} lies in the box {times} times")
    fates = {key: (state, resolved) for key, state, resolved in house.ask(_FATES)}
    for key, attempts in by_key.items():
        sendings = house.wire.sendings_of(key)
        if len(sendings) > 1:
            yield Fault("I5", f"{key} was handed over {len(sendings)} times: {[e.fate for e in sendings]}")
        state, resolved = fates.get(key, ("nothing", False))
        if not resolved and state not in _BELIEVED[attempts[-1].fate]:
            yield Fault("I7", f"{key} was {attempts[-1].fate}, the house has it as {state}")
    on_paper = {each.key for each in arrived if each.is_paper}
    for key in {each.key for each in arrived} - by_key.keys() - on_paper:
        yield Fault("I5", f"{key} lies in the box and nobody sent it")
    for key in fates.keys() - by_key.keys() - on_paper:
        if fates[key][0] not in ("returned",):
            yield Fault("I7", f"{key} is {fates[key][0]} and was never handed over")
    for (loose,) in house.ask(_LOOSE):
        if loose:
            yield Fault("I7", f"{loose} messages hang between, or ended without a reason")
