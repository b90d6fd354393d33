"""The room `ledger` as Django knows it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Tables named `ledger_<thing>`."""

    name = "aldia.records.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
