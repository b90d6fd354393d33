"""Named points at which a test may kill the process, to prove that nothing is lost and nothing doubled.

`ALDIA_FAULT=run.messages_written` makes the process receive SIGKILL when it reaches that point;
`ALDIA_FAULT=outbox.begun#3` when it reaches it for the third time. Without the variable a fault point costs
one look-up in a dictionary.
"""

import os
import signal
from collections import Counter

reached: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """Mark the point as reached; die here if the environment names it."""
    reached[name] += 1
    named = os.environ.get("ALDIA_FAULT")
    if named is not None and named in (name, f"{name}#{reached[name]}"):
        os.kill(os.getpid(), signal.SIGKILL)
