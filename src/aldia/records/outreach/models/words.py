"""Words that several tables of this room share."""

from django.db import models


class MessageChannel(models.TextChoices):
    """How a message leaves the house."""

    EMAIL = "email", "Correo electrónico"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    LETTER = "letter", "Carta"
    CERTIFIED = "certified", "Carta certificada"


ON_PAPER = ("letter", "certified")
"""Channels whose messages are printed."""
