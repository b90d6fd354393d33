"""The room `intake` as Django knows it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Tables named `intake_<thing>`."""

    name = "aldia.records.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
