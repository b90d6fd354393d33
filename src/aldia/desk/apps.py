"""The desk as a Django app, for its templates, tags and styles."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """No models: it shows what queries answer."""

    name = "aldia.desk"
    label = "desk"
