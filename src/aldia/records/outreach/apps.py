"""The room `outreach` as Django knows it."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Tables named `outreach_<thing>`."""

    name = "aldia.records.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
