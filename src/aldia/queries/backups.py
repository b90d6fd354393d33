"""What a copy holds, so that it can be compared with the copy put back: rows, audit chains, schema.

Asked over a psycopg connection that sees every row (`connectors/postgres/backup.py`), not through Django: the
tables may be those of an earlier version.
"""

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from django.db.migrations.loader import MigrationLoader
from psycopg import Connection, sql

from aldia.connectors.postgres.backup import WITHOUT_ROWS


@dataclass(frozen=True, slots=True)
class Facts:
    """server: PostgreSQL's version. migrations: `room.name`, sorted. rows: table → how many. heads: creditor
    id → where its audit chain ends (sequence, digest)."""

    server: str
    migrations: tuple[str, ...]
    rows: dict[str, int]
    heads: dict[int, tuple[int, str]]

    def differences(self, other: "Facts") -> list[str]:
        """Tables and chains that are not the same; servers may differ."""
        tables = sorted(self.rows.keys() | other.rows.keys())
        chains = sorted(self.heads.keys() | other.heads.keys())
        return [
            *(each for each in tables if self.rows.get(each) != other.rows.get(each)),
            *(f"audit:{each}" for each in chains if self.heads.get(each) != other.heads.get(each)),
            *(["migrations"] if self.migrations != other.migrations else []),
        ]


def facts_of(view: Connection[Any]) -> Facts:
    """Counted within that connection's transaction; some seconds for millions of rows."""
    tables = [
        name for (name,) in view.execute(_TABLES) if not any(fnmatch(name, each) for each in WITHOUT_ROWS)
    ]
    return Facts(
        server=str(view.info.parameter_status("server_version")),
        migrations=tuple(f"{room}.{name}" for room, name in view.execute(_MIGRATIONS)),
        rows={name: _count(view, name) for name in tables},
        heads={creditor: (sequence, digest) for creditor, sequence, digest in view.execute(_HEADS)},
    )


def known_migrations() -> frozenset[str]:
    """The migrations this version knows, as `room.name`. Touches no database."""
    return frozenset(f"{room}.{name}" for room, name in MigrationLoader(None).disk_migrations)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_MIGRATIONS = "SELECT app, name FROM public.django_migrations ORDER BY 1, 2"
_HEADS = "SELECT creditor_id, sequence, digest FROM public.audit_head ORDER BY 1"


def _count(view: Connection[Any], table: str) -> int:
    row = view.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
