"""The room `tenancy` as Django knows it."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Tables named `tenancy_<thing>`."""

    name = "aldia.records.tenancy"
    label = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"
