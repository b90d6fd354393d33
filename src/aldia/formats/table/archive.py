"""A workbook is a zip archive: what it may hold is measured before anybody opens it."""

import io
import struct
import zipfile
import zlib

from aldia.formats.table.findings import TableRefused
from aldia.formats.table.limits import (
    ARCHIVE_BYTES_MAX,
    ARCHIVE_MEMBERS_MAX,
    ARCHIVE_RATIO_FROM_BYTES,
    ARCHIVE_RATIO_MAX,
)

_CHUNK = 1024 * 1024
# Every way the standard library says that an archive is not what it claims.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    KeyError,
)
_NESTED = (".zip", ".xlsx", ".xlsm", ".xlsb", ".ods", ".7z", ".rar", ".gz")


def members_of(data: bytes, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """The members whose name begins so, after every member was unpacked and counted for real.

    Raises TableRefused: damaged, encrypted, nested, too many members, more than 100 MiB inside, ratio over
    100.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack(archive, wanted)
    except _BROKEN as error:
        raise TableRefused(
            "workbook_damaged",
            "El libro de cálculo está dañado o incompleto. Ábralo, guárdelo de nuevo y repita.",
        ) from error


def names_of(data: bytes) -> frozenset[str]:
    """Names of the members; empty when the archive cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except _BROKEN:
        return frozenset()


def _unpack(archive: zipfile.ZipFile, wanted: tuple[str, ...]) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > ARCHIVE_MEMBERS_MAX:
        raise _bomb()
    kept: dict[str, bytes] = {}
    inside = 0
    for member in members:
        _refuse_member(member)
        content = _content(
            archive, member, room=ARCHIVE_BYTES_MAX - inside, keep=member.filename.startswith(wanted)
        )
        inside += len(content) if isinstance(content, bytes) else content
        if isinstance(content, bytes):
            kept[member.filename] = content
    return kept


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, room: int, keep: bool) -> bytes | int:
    """The member's bytes when kept, else only its true length; the announced length may lie."""
    chunks: list[bytes] = []
    length = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            length += len(chunk)
            _refuse_growth(length, member.compress_size, room)
            if keep:
                chunks.append(chunk)
    return b"".join(chunks) if keep else length


def _refuse_growth(length: int, packed: int, room: int) -> None:
    if length > room or (length > ARCHIVE_RATIO_FROM_BYTES and length > ARCHIVE_RATIO_MAX * max(packed, 1)):
        raise _bomb()


def _refuse_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise TableRefused(
            "workbook_encrypted", "El archivo está protegido con contraseña. Guárdelo sin ella."
        )
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile(member.filename)
    if member.filename.lower().endswith(_NESTED) and "embeddings/" not in member.filename:
        raise TableRefused(
            "archive_nested",
            "El archivo contiene otros archivos comprimidos. Extraiga la tabla e impórtela sola.",
        )


def _bomb() -> TableRefused:
    return TableRefused(
        "archive_too_big",
        "El libro de cálculo ocupa demasiado al descomprimirlo (máximo 100 MiB y 100 veces su tamaño). "
        "Guarde solo la hoja necesaria o expórtela como CSV.",
    )
