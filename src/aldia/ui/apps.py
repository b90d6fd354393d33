"""The hall as a Django app, for its templates, tags and static files."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """No models, no addresses."""

    name = "aldia.ui"
    label = "ui"
