"""Opening the house for a command: Django's records, and a database that is up and up to date.

Everything heavy is imported within, when it is needed: `aldia --help` shall not wait for Django.
"""

import os

from aldia.kernel.errors import AldiaError


class MigrationsPending(AldiaError):
    """A database of your own waits for `aldia db migrate`."""

    code = "migrations_pending"


def open_django() -> None:
    """Load the settings and the records; touches no database."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aldia.project.settings")
    if not apps.ready:
        django.setup()


def open_database(*, migrate: bool = False) -> None:
    """A server that answers, with its tables as this version wants them.

    The embedded database is brought up to date here; one of your own only where `migrate` says so, else
    MigrationsPending. Raises DatabaseTrouble.
    """
    from aldia.connectors.postgres import configured_urls

    pending = pending_migrations()
    if not pending:
        return
    if not (migrate or configured_urls().embedded):
        raise MigrationsPending(
            "La base de datos no está al día: ejecute «aldia db migrate».", pending=len(pending)
        )
    bring_up_to_date()


def pending_migrations() -> list[str]:
    """Migrations the database does not have yet; starts the embedded server. Raises DatabaseTrouble."""
    open_django()
    from aldia.connectors.postgres import ensure_server
    from aldia.queries.pending import pending_migrations as pending

    ensure_server()
    return pending()


def bring_up_to_date() -> None:
    """Apply every migration, as the owner."""
    from aldia.connectors.postgres.as_owner import migrate

    migrate()
