"""ALDIA_HOME: the one folder with the data, the socket and the secrets of this installation.

    ALDIA_HOME/        0700 (0711 for root, whose server runs as another account)
      data/            0700, PostgreSQL's own
      socket/          0700, the only way to the server
      credentials.json 0600, the passwords of the three roles
      secret_key       0600, Django's
      server.log, server.lock

Secrets are made once and never overwritten: two processes that both find none agree on the first one written.
"""

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aldia.connectors.postgres.errors import HomeUnusable

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES_MAX = 100


@dataclass(frozen=True, slots=True)
class Credentials:
    """The generated passwords: `superuser` for setting up only, `owner` migrates, `app` works."""

    superuser: str
    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one ALDIA_HOME."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        return self.folder / "socket"

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_NAME

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        return self.folder / "server.lock"

    @property
    def ready_mark(self) -> Path:
        """Exists once roles and database do, and names their layout; goes when the data go."""
        return self.data / "aldia.ready"


def current_home() -> Home:
    """The home of this process: ALDIA_HOME, else the place for data of this account and platform.

    Raises HomeUnusable if the path is too long for a Unix socket.
    """
    named = os.environ.get("ALDIA_HOME")
    folder = Path(named).expanduser().absolute() if named else _default_folder()
    home = Home(folder)
    _refuse_long_path(home)
    return home


def _default_folder() -> Path:
    if _is_root():
        return Path("/var/lib/aldia")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "aldia"
    shared = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(shared) / "aldia"


def _refuse_long_path(home: Home) -> None:
    length = len(os.fsencode(home.socket))
    if length > SOCKET_PATH_BYTES_MAX:
        raise HomeUnusable(
            f"La carpeta «{home.folder}» tiene un nombre demasiado largo para la base de datos "
            f"({length} caracteres con su conector; el máximo es {SOCKET_PATH_BYTES_MAX}). "
            "Indique una más corta en ALDIA_HOME.",
            folder=str(home.folder),
            length=length,
        )


def ensure_folder(home: Home) -> None:
    """Make the home with the modes above. Root's is passable (not readable) for the server's account."""
    mode = 0o711 if _is_root() else 0o700
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        if home.folder.stat().st_mode & 0o777 != mode:
            home.folder.chmod(mode)
    except OSError as error:
        raise HomeUnusable(
            f"No se puede preparar la carpeta «{home.folder}»: {error.strerror}. "
            "Indique en ALDIA_HOME una carpeta donde pueda escribir.",
            folder=str(home.folder),
        ) from error


def credentials(home: Home) -> Credentials:
    """The passwords of this home, generated at the first call."""
    text = read_or_create(home, home.folder / "credentials.json", _new_credentials)
    return Credentials(**json.loads(text))


def secret_key(home: Home) -> str:
    """The key that signs this installation's cookies and links, generated at the first call."""
    return read_or_create(home, home.folder / "secret_key", lambda: secrets.token_urlsafe(50))


def _new_credentials() -> str:
    return json.dumps({role: secrets.token_hex(24) for role in ("superuser", "owner", "app")})


def read_or_create(home: Home, path: Path, make: Callable[[], str]) -> str:
    """The file's text; where there is none, `make()` is written whole, and the first writer wins."""
    with suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8")
    ensure_folder(home)
    handle, draft = tempfile.mkstemp(dir=home.folder, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(make())
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
    return path.read_text(encoding="utf-8")


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
