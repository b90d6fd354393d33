"""What a mail says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bounce:
    """A machine tells that a mail of ours did not come, comes late, or was not wanted.

    recipient: to whom, lower case, "" for unknown. status: RFC 3463 such as 5.1.1, "" for none. message_id:
    of our mail with its brackets, "" for unknown. words: the other server's own, one line. is_complaint: its
    reader marked it as unwanted (RFC 5965).
    """

    recipient: str
    status: str
    message_id: str
    words: str
    is_complaint: bool = False

    @property
    def is_permanent(self) -> bool:
        """It will not come any more."""
        return not self.status.startswith(("4", "2"))

    @property
    def is_bad_address(self) -> bool:
        """There is no such address: most of 5.1.x, 5.2.1 (box closed), 5.4.4 (no such host)."""
        if not self.is_permanent or self.is_complaint:
            return False
        _class, _dot, detail = self.status.partition(".")
        return detail in {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"}


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """sender: lower case, "" where there is none. text: what was newly written. quoted: what was cut off.

    message_id: with its brackets, "" for none. references: of the mails it answers, the nearest first. at:
    aware, as the mail says it, None for nothing readable. automatic: the words that show a machine wrote it.
    bounces: one per recipient a delivery report speaks of. attachments: names. broken: it could be read in
    part only.
    """

    message_id: str = ""
    references: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    at: datetime | None = None
    text: str = ""
    quoted: str = ""
    automatic: str = ""
    bounces: tuple[Bounce, ...] = ()
    attachments: tuple[str, ...] = ()
    broken: bool = False
