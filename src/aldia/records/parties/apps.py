"""The room `parties` as Django knows it."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Tables named `parties_<thing>`."""

    name = "aldia.records.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
