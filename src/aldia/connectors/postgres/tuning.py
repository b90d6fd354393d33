"""The embedded server's settings and its door, written anew at each start."""

import os
from pathlib import Path

from aldia.connectors.postgres.home import Home

GIB = 1024**3
SHARED_BUFFERS_MAX = 4 * GIB
SHARED_BUFFERS_MIN = GIB // 8
_CONTROL_GROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

DOOR = """# Written by Al Día at each start: a password for everybody, through the socket only.
local all all scram-sha-256
"""


def memory_bytes() -> int:
    """What this machine, or the container we are in, has; 1 GiB when nobody says."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        machine = GIB
    return min([machine, *(limit for path in _CONTROL_GROUP_LIMITS if (limit := _limit(path)))])


def _limit(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def shared_buffers_bytes(memory: int) -> int:
    """A quarter of the memory, between 128 MiB and 4 GiB."""
    return max(SHARED_BUFFERS_MIN, min(SHARED_BUFFERS_MAX, memory // 4))


def shared_memory_kind(free_bytes: int | None) -> str:
    """How parallel workers share memory: System V where /dev/shm is as small as containers make it."""
    return "posix" if free_bytes is None or free_bytes >= GIB else "sysv"


def _shared_memory_free() -> int | None:
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return None
    return room.f_bavail * room.f_frsize


def server_settings(home: Home) -> dict[str, str]:
    """The settings in which our server differs from PostgreSQL's defaults, name to value."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(home.socket_folder),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        "shared_buffers": f"{shared_buffers_bytes(memory_bytes()) // 1024}kB",
        "dynamic_shared_memory_type": shared_memory_kind(_shared_memory_free()),
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "jit": "off",
        "autovacuum": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }


def settings_file(settings: dict[str, str]) -> str:
    """The settings in the grammar of postgresql.conf."""
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    return "\n".join(["# Written by Al Día at each start.", *lines, ""])


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
