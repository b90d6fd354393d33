"""The PostgreSQL server and the ways to it: embedded under ALDIA_HOME, or your own by DATABASE_URL.

`ensure_server()` is called by every way in before Django touches the database. The server stays running
after us; `stop_server()` ends it.
"""

from aldia.connectors.postgres.account import postgres_bin
from aldia.connectors.postgres.client import psql, run_client
from aldia.connectors.postgres.errors import DatabaseTrouble, HomeUnusable, OwnerUnknown, ServerUnreachable
from aldia.connectors.postgres.home import current_home, secret_key
from aldia.connectors.postgres.roles import grant_app
from aldia.connectors.postgres.server import (
    ServerStatus,
    connect_with_patience,
    ensure_server,
    is_embedded_server_down,
    server_status,
    stop_server,
)
from aldia.connectors.postgres.urls import Urls, configured_urls, django_database, with_database

__all__ = [
    "DatabaseTrouble",
    "HomeUnusable",
    "OwnerUnknown",
    "ServerStatus",
    "ServerUnreachable",
    "Urls",
    "configured_urls",
    "connect_with_patience",
    "current_home",
    "django_database",
    "ensure_server",
    "grant_app",
    "is_embedded_server_down",
    "postgres_bin",
    "psql",
    "run_client",
    "secret_key",
    "server_status",
    "stop_server",
    "with_database",
]
