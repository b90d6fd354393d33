"""The room `closing` as Django knows it."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Tables named `closing_<thing>`."""

    name = "aldia.records.closing"
    label = "closing"
    default_auto_field = "django.db.models.BigAutoField"
