"""The room `audit` as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Tables named `audit_<thing>`."""

    name = "aldia.records.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
