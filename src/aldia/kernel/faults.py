"""Named points at which a test may kill the process, to prove that nothing is lost and nothing doubled.

`ALDIA_FAULT=run.messages_written` makes the process receive SIGKILL when it reaches that point. Without the
variable a fault point costs one look-up in a dictionary.
"""

import os
import signal

reached: set[str] = set()


def fault_point(name: str) -> None:
    """Mark the point as reached; die here if the environment names it."""
    reached.add(name)
    if os.environ.get("ALDIA_FAULT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
