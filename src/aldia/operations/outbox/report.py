"""What a round of sending says of itself."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SendReport:
    """Units of sending by what became of them. docs/rules/outbox.md.

    cancelled, postponed: by the gate, per rule. returned: will be tried again (the line was down, or the
    provider asked to come later). doubts: in doubt since an earlier round broke off, found by this one.
    waiting, waiting_channel, put_off: need a yes, a channel that does not exist yet, or their hour.
    stopped, trouble: Spanish, why nothing more left. more: another batch may be ready now.
    """

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    returned: int = 0
    cancelled: Counter[str] = field(default_factory=Counter)
    postponed: Counter[str] = field(default_factory=Counter)
    doubts: int = 0
    waiting: int = 0
    waiting_channel: int = 0
    put_off: int = 0
    stopped: str = ""
    trouble: str = ""
    more: bool = False

    def add(self, other: "SendReport") -> None:
        """Take in the next batch; what is waiting is as of the last one."""
        self.sent += other.sent
        self.failed += other.failed
        self.unknown += other.unknown
        self.returned += other.returned
        self.cancelled += other.cancelled
        self.postponed += other.postponed
        self.doubts += other.doubts
        self.waiting, self.waiting_channel = other.waiting, other.waiting_channel
        self.put_off = other.put_off
        self.stopped, self.trouble, self.more = other.stopped, other.trouble, other.more

    def as_dict(self) -> dict[str, Any]:
        """As `aldia send --json` prints it."""
        return {
            "sent": self.sent,
            "cancelled": self.cancelled.total(),
            "postponed": self.postponed.total(),
            "failed": self.failed,
            "unknown": self.unknown,
            "returned": self.returned,
            "doubts": self.doubts,
            "waiting": self.waiting,
            "waiting_channel": self.waiting_channel,
            "put_off": self.put_off,
            "cancelled_by": dict(sorted(self.cancelled.items())),
            "postponed_by": dict(sorted(self.postponed.items())),
            "stopped": self.stopped,
            "trouble": self.trouble,
        }
