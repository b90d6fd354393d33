"""The one file of a copy: a tar with `manifest.json`, `database.dump` and, when asked for, `keys/…`.

It is written beside its final place under a name of its own, brought to disk, and renamed last: under the
final name there is a whole copy or nothing.
"""

import fcntl
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aldia.kernel.clock import read_moment
from aldia.kernel.faults import fault_point
from aldia.operations.backup.errors import BackupDamaged, BackupRefused
from aldia.queries.backups import Facts

FORMAT = 1
_MANIFEST, _DUMP, _KEYS = "manifest.json", "database.dump", "keys/"
_SMALL_BYTES_MAX = 64 * 1024**2
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the copy says of itself. version: of Al Día. roles: the dump's `owner` and `app`. sha256: of the
    dump. fingerprints: of the keys in use when it was made."""

    version: str
    created_at: datetime
    facts: Facts
    roles: Mapping[str, str]
    sha256: str
    fingerprints: Mapping[str, str]


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """A private folder beside the target, ours until we end; what a cut-off run left there goes first.

    Raises BackupRefused.
    """
    folder = target.with_name(f".{target.name}.part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise BackupRefused(f"No se puede escribir en «{target.parent}»: {error.strerror}.") from error
    try:
        _take(handle, target)
        try:
            _empty(folder)
            yield folder
        finally:
            _empty(folder)
            folder.rmdir()
    finally:
        os.close(handle)


def _take(handle: int, target: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupRefused(f"Ya se está haciendo una copia en «{target}».") from None


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        left.unlink()


def write_archive(folder: Path, manifest: Manifest, dump: Path, keys: Mapping[str, str]) -> Path:
    """The archive in the draft folder, on disk, 0600."""
    path = folder / "archive.tar"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, _MANIFEST, _written(manifest), manifest.created_at)
            fault_point("backup.manifest_written")
            for name, text in keys.items():
                _add(tar, _KEYS + name, text.encode(), manifest.created_at)
            with dump.open("rb") as rows:
                tar.addfile(_entry(_DUMP, dump.stat().st_size, manifest.created_at), rows)
        file.flush()
        os.fsync(file.fileno())
    return path


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    tar.addfile(_entry(name, len(content), at), io.BytesIO(content))


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(at.timestamp())
    return entry


def put_in_place(archive: Path, target: Path) -> None:
    """The finished archive takes its name, and the folder remembers it through a loss of power."""
    archive.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(manifest: Manifest) -> bytes:
    facts = manifest.facts
    data = {
        "format": FORMAT,
        "version": manifest.version,
        "created_at": manifest.created_at.isoformat(),
        "server": facts.server,
        "roles": dict(manifest.roles),
        "sha256": manifest.sha256,
        "fingerprints": dict(manifest.fingerprints),
        "rows": facts.rows,
        "audit_heads": {str(creditor): list(end) for creditor, end in facts.heads.items()},
        "migrations": list(facts.migrations),
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A copy that has been read: its manifest, its keys by name (none, mostly) and its dump on disk."""

    manifest: Manifest
    keys: Mapping[str, str]
    dump: Path


def open_archive(source: Path, scratch: Path) -> Opened:
    """Read a copy and lay its dump into the scratch folder. Raises BackupDamaged, also if it is not whole."""
    dump = scratch / _DUMP
    try:
        with tarfile.open(source, mode="r:") as tar:
            manifest = _read_manifest(tar)
            names = [name for name in tar.getnames() if name.startswith(_KEYS)]
            keys = {name.removeprefix(_KEYS): _read(tar, name).decode() for name in names}
            digest = _lay_down(tar, dump)
    except FileNotFoundError:
        raise BackupDamaged(f"No existe el archivo «{source}».") from None
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise BackupDamaged(f"«{source}» no es una copia de Al Día, o está cortada.") from error
    if digest != manifest.sha256:
        raise BackupDamaged(f"«{source}» está dañada: lo que contiene no es lo que se copió.")
    return Opened(manifest, keys, dump)


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    entry = tar.getmember(name)
    content = tar.extractfile(entry)
    if content is None or entry.size > _SMALL_BYTES_MAX:
        raise KeyError(name)
    return content.read()


def _lay_down(tar: tarfile.TarFile, dump: Path) -> str:
    """The dump as a file of ours, whatever the archive says about it; its digest."""
    content = tar.extractfile(_DUMP)
    if content is None:
        raise KeyError(_DUMP)
    digest = hashlib.sha256()
    with content, dump.open("xb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    data: dict[str, Any] = json.loads(_read(tar, _MANIFEST))
    if data["format"] > FORMAT:
        raise BackupDamaged(
            f"La copia la hizo Al Día {data['version']}, más nuevo que este: restáurela con esa versión."
        )
    return Manifest(
        version=data["version"],
        created_at=read_moment(data["created_at"]),
        facts=Facts(
            server=data["server"],
            migrations=tuple(data["migrations"]),
            rows=data["rows"],
            heads={int(creditor): (end[0], end[1]) for creditor, end in data["audit_heads"].items()},
        ),
        roles=data["roles"],
        sha256=data["sha256"],
        fingerprints=data["fingerprints"],
    )
