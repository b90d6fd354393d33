"""What can be wrong with a text, as sentences for the person who writes it."""

from aldia.kernel.errors import AldiaError


class TextRefused(AldiaError):
    """A text that cannot be kept. facts: faults, a sentence each."""

    code = "text_refused"


class NoText(AldiaError):
    """There is no text for that use. facts: template, channel."""

    code = "no_text"


class TextTooLong(AldiaError):
    """A message came out longer than a message may be."""

    code = "text_too_long"
