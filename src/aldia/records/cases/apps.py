"""The room `cases` as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Tables named `cases_<thing>`."""

    name = "aldia.records.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
