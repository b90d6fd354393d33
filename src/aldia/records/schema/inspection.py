"""What the catalogue says about the walls, for `aldia doctor` and the tests. Empty lists are good news."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from aldia.records.schema.untenanted import is_untenanted


class Cursor(Protocol):
    """A Django or psycopg cursor."""

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run one statement."""

    def fetchall(self) -> Sequence[Any]:
        """All rows of the last statement."""


_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY 1
"""

_FOREIGN_KEYS = """
WITH ends AS (
    SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.condeferred, l.attname AS here, r.attname AS there
    FROM pg_constraint k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (l, r)
    JOIN pg_attribute l ON l.attrelid = k.conrelid AND l.attnum = pair.l
    JOIN pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = pair.r
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
)
SELECT conname, conrelid::regclass::text, confrelid::regclass::text
FROM ends
WHERE EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = conrelid AND a.attname = 'creditor_id')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = confrelid AND a.attname = 'creditor_id')
GROUP BY oid, conname, conrelid, confrelid
HAVING NOT bool_or(here = 'creditor_id' AND there = 'creditor_id')
ORDER BY 1
"""

_ROLES = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = ANY (%s) ORDER BY 1"

_OWNED = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = %s ORDER BY 1
"""

_TRUNCATABLE = """
SELECT tablename FROM pg_tables
WHERE schemaname = current_schema()
  AND has_table_privilege(%s, format('%%I.%%I', schemaname, tablename), 'TRUNCATE') ORDER BY 1
"""


def _rows(cursor: Cursor, query: str, params: Sequence[Any] = ()) -> list[Any]:
    cursor.execute(query, list(params) or None)
    return list(cursor.fetchall())


def tables_without_policy(cursor: Cursor) -> list[str]:
    """Tables with no row security or no policy that `untenanted` does not list."""
    return [
        name
        for name, enabled, _forced, has_policy in _rows(cursor, _TABLES)
        if not (enabled and has_policy) and not is_untenanted(name)
    ]


def policies_not_forced(cursor: Cursor) -> list[str]:
    """Tables whose row security spares their owner."""
    return [name for name, enabled, forced, _policy in _rows(cursor, _TABLES) if enabled and not forced]


def foreign_keys_not_composite(cursor: Cursor) -> list[str]:
    """Foreign keys between tables of creditors that do not pair creditor with creditor."""
    return [f"{name}: {table} → {target}" for name, table, target in _rows(cursor, _FOREIGN_KEYS)]


def roles_that_bypass(cursor: Cursor, roles: Iterable[str]) -> list[str]:
    """Those of the given roles that row security does not bind."""
    return [
        f"{name}: {'superuser' if is_super else 'bypassrls'}"
        for name, is_super, bypasses in _rows(cursor, _ROLES, [list(roles)])
        if is_super or bypasses
    ]


def tables_owned_by(cursor: Cursor, role: str) -> list[str]:
    """Tables the role owns; the app role must own none, for an owner may drop triggers and policies."""
    return [name for (name,) in _rows(cursor, _OWNED, [role])]


def tables_truncatable_by(cursor: Cursor, role: str) -> list[str]:
    """Tables the role may empty at one stroke; none for the app role outside tests."""
    return [name for (name,) in _rows(cursor, _TRUNCATABLE, [role])]
