"""Mails as they come in, read without ever failing: bytes to plain values. RFC 5322, 3464, 3834, 5965."""

from aldia.formats.mail.reading import read_mail
from aldia.formats.mail.values import Bounce, IncomingMail

__all__ = ["Bounce", "IncomingMail", "read_mail"]
