"""The desk as a Django app, for its templates, tags and styles."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """No models: it shows what queries answer."""

    name = "aldia.desk"
    label = "desk"

    def ready(self) -> None:
        """Listen to what people change about their own way in; the models must be there first."""
        from aldia.desk.account.signals import listen

        listen()
