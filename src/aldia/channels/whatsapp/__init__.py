"""WhatsApp over Twilio and over Meta's own Cloud API."""

from aldia.channels.whatsapp.meta import MetaAccount, MetaWhatsApp
from aldia.channels.whatsapp.twilio import TwilioWhatsApp

__all__ = ["MetaAccount", "MetaWhatsApp", "TwilioWhatsApp"]
