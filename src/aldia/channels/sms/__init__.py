"""SMS over Twilio."""

from aldia.channels.sms.transport import TwilioSms

__all__ = ["TwilioSms"]
