"""An SMS leaves as the text it is; how many parts that takes: `rules/texts/short.py`."""

from aldia.channels.twilio import TwilioTransport


class TwilioSms(TwilioTransport):
    """Numbers as they are."""

    prefix = ""
