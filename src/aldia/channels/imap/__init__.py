"""Mail that comes in, by IMAP."""

from aldia.channels.imap.inbox import ImapInbox, ImapServer, InboxTrouble, RawMail

__all__ = ["ImapInbox", "ImapServer", "InboxTrouble", "RawMail"]
