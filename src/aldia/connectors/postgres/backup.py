"""A whole database into one file and back, with PostgreSQL's own programs.

Row-level security binds even the owner, so the dump is taken by somebody who sees every row: the superuser of
the embedded server, the role of DATABASE_BACKUP_URL (BYPASSRLS), or else the owner in the scope of all
creditors, which the walls know (`records/schema/statements.py`). A dump goes back by the owner alone:
PostgreSQL puts the walls up last.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from psycopg import Connection

from aldia.connectors.postgres.account import postgres_bin
from aldia.connectors.postgres.client import client_variables
from aldia.connectors.postgres.errors import DatabaseTrouble
from aldia.connectors.postgres.home import credentials, current_home
from aldia.connectors.postgres.server import connect_with_patience
from aldia.connectors.postgres.urls import SUPERUSER, Urls, socket_url, url_parts, with_database

WITHOUT_ROWS = ("procrastinate_*", "django_session")
"""Tables whose rows stay out: yesterday's jobs must not run again, nor its sessions let anybody in."""

_OPTIONS_BYTES_MAX = 9_000  # PostgreSQL reads 10,000 bytes before anybody has said who they are
_NEWER_SETTING = b"SET transaction_timeout = 0;\n"  # written for 17 and later, unknown to 16
_HEAD_BYTES = 16_384
_NAME_A_SEER = "Indique en DATABASE_BACKUP_URL un usuario con BYPASSRLS y pg_read_all_data."
_GRANT_ENTRY = re.compile(rb"\d+; \d+ \d+ (?:DEFAULT )?ACL ")
_ROLE = re.compile(r'(\b(?:TO|FROM|ROLE) )("(?:[^"]|"")+"|[A-Za-z_][\w$]*)(?=[ ;])')
_EVERYBODY = "PUBLIC"


class DumpFailed(DatabaseTrouble):
    """pg_dump or pg_restore gave up; the sentence ends with what it said."""

    code = "dump_failed"


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who sees every row. variables: for libpq. filtered: the walls let all of it through."""

    url: str
    variables: Mapping[str, str]
    filtered: bool


@contextmanager
def whole_view(urls: Urls) -> Iterator[tuple[Connection[Any], Seer, str]]:
    """One consistent view of all rows: a connection in it, who sees it, and its name for `dump`.

    Writers go on working meanwhile. Raises DatabaseTrouble.
    """
    seer = _seer(urls)
    with connect_with_patience(seer.url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if seer.filtered:
            seer = _in_scope_of_all(connection, seer)
        else:
            _refuse_half_blind(connection)
            connection.execute("SET LOCAL row_security = off")  # an error where rows would be left out
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, seer, str(row[0])


def _seer(urls: Urls) -> Seer:
    name = url_parts(urls.app)["dbname"]
    named = os.environ.get("DATABASE_BACKUP_URL")
    if named:
        mighty = with_database(named, name)
        return Seer(mighty, client_variables(mighty), filtered=False)
    if urls.embedded:
        mighty = socket_url(current_home(), SUPERUSER, credentials(current_home()).superuser, name)
        return Seer(mighty, client_variables(mighty), filtered=False)
    return Seer(urls.owner, client_variables(urls.owner), filtered=True)


def _refuse_half_blind(connection: Connection[Any]) -> None:
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls AND pg_has_role('pg_read_all_data', 'USAGE')"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if not (row and row[0]):
        raise DatabaseTrouble(f"«{connection.info.user}» no ve todas las filas. {_NAME_A_SEER}")


def _in_scope_of_all(connection: Connection[Any], seer: Seer) -> Seer:
    """Every creditor's id as the scope: a row of anybody else could be seen by nobody, ever."""
    _refuse_other_walls(connection)
    ids = ",".join(str(id_) for (id_,) in connection.execute("SELECT id FROM tenancy_creditor ORDER BY id"))
    options = f"-c aldia.creditor={ids}"
    if len(options) > _OPTIONS_BYTES_MAX:
        raise DatabaseTrouble(
            f"Hay demasiadas empresas para que el propietario haga la copia. {_NAME_A_SEER}"
        )
    connection.execute("SELECT set_config('aldia.creditor', %s, true)", [ids])
    return Seer(seer.url, {**seer.variables, "PGOPTIONS": options}, filtered=True)


_OTHER_WALLS = """
SELECT relname FROM pg_class c
WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
  AND '{creditor_scope}' IS DISTINCT FROM (
        SELECT array_agg(polname::text) FROM pg_policy WHERE polrelid = c.oid)
ORDER BY 1
"""


def _refuse_other_walls(connection: Connection[Any]) -> None:
    """The scope opens our own walls; what stands behind others would be left out in silence."""
    names = [name for (name,) in connection.execute(_OTHER_WALLS)]
    if names:
        raise DatabaseTrouble(
            f"El propietario no vería todas las filas de {', '.join(names)}. {_NAME_A_SEER}"
        )


def dump(target: Path, *, seer: Seer, snapshot: str) -> None:
    """Write what that view sees as a custom-format archive. Raises DumpFailed."""
    words = [f"--exclude-table-data={pattern}" for pattern in WITHOUT_ROWS]
    if seer.filtered:
        words.append("--enable-row-security")
    command = [
        str(postgres_bin() / "pg_dump"),
        "--format=custom",
        f"--snapshot={snapshot}",
        f"--file={target}",
        *words,
    ]
    with _said() as said:
        ran = subprocess.run(
            command, check=False, env={**os.environ, **seer.variables}, stdout=said, stderr=said
        )
        _refuse_failure("hacer la copia", [ran.returncode], said)


def load(dump_file: Path, *, owner_url: str, database: str, roles: Mapping[str, str]) -> None:
    """Put a dump into an empty database in one transaction, its statistics with it; all belongs to the owner.

    roles: the dump's roles → ours, for the grants. Raises DumpFailed; then the database is still empty.
    """
    command = [
        str(postgres_bin() / "psql"),
        *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"),
    ]
    url = with_database(owner_url, database)
    with _said() as said:
        loader = subprocess.Popen(
            command,
            env={**os.environ, **client_variables(url)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert loader.stdin is not None
        codes = [*_write_script(dump_file, roles, loader.stdin, said), loader.wait()]
        _refuse_failure("restaurar la copia", codes, said)


def _write_script(dump_file: Path, roles: Mapping[str, str], target: IO[bytes], said: IO[bytes]) -> list[int]:
    """Tables, rows, rules and then the grants; the exit codes of whoever wrote it."""
    try:
        with target:
            rows = _script(["--no-owner", "--no-privileges", str(dump_file)], said)
            assert rows.stdout is not None
            head = rows.stdout.read(_HEAD_BYTES)
            target.write(head.replace(_NEWER_SETTING, b"", 1))
            shutil.copyfileobj(rows.stdout, target, 1 << 20)
            codes = [rows.wait()]
            if codes == [0]:
                target.write(_grants(dump_file, roles, said) + b"\nANALYZE;\n")
    except BrokenPipeError:  # psql has stopped at an error, and says which
        rows.kill()
        return [rows.wait()]
    return codes


def _script(words: list[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [str(postgres_bin() / "pg_restore"), *words[:-1], "--file=-", words[-1]]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)


def _grants(dump_file: Path, roles: Mapping[str, str], said: IO[bytes]) -> bytes:
    """Who may do what, by the names the roles have here."""
    listed = subprocess.run(
        [str(postgres_bin() / "pg_restore"), "--list", str(dump_file)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=said,
    )
    with tempfile.NamedTemporaryFile() as chosen:
        chosen.writelines(
            line for line in listed.stdout.splitlines(keepends=True) if _GRANT_ENTRY.match(line)
        )
        chosen.flush()
        script = _script([f"--use-list={chosen.name}", "--no-owner", str(dump_file)], said).communicate()[0]
    return renamed_roles(script.decode(), roles).encode()


def renamed_roles(script: str, roles: Mapping[str, str]) -> str:
    """Statements about these roles, under their new names; what is granted to anybody else is left out."""
    known = {**{there: _quoted(here) for there, here in roles.items()}, _EVERYBODY: _EVERYBODY}
    lines = [
        _ROLE.sub(lambda found: found[1] + known[_bare(found[2])], line)
        for line in script.splitlines(keepends=True)
        if all(_bare(role) in known for _before, role in _ROLE.findall(line))
    ]
    return "".join(lines)


def _bare(written: str) -> str:
    return written[1:-1].replace('""', '"') if written.startswith('"') else written


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'


@contextmanager
def _said() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file


def _refuse_failure(what: str, codes: list[int], said: IO[bytes]) -> None:
    if any(codes):
        said.seek(0)
        text = said.read().decode(errors="replace").strip()
        raise DumpFailed(f"PostgreSQL no ha podido {what}. Dijo lo siguiente:\n{text[-2000:]}")
