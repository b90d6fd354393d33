"""Files that come together: several, or a ZIP of them, whose members are measured before they are read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aldia.formats.copies.reading import FILE_BYTES_MAX, CopyRefused

FILES_MAX = 1_000
ALL_BYTES_MAX = 100 * 1024 * 1024
RATIO_MAX = 200
_RATIO_FROM_BYTES = 256 * 1024
_NAME_MAX = 200
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_LEFTOVERS = frozenset({"thumbs.db", "desktop.ini"})
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


@dataclass(frozen=True, slots=True)
class Found:
    """A file by its own name, without folders. why: Spanish, where it could not be read; then no content."""

    name: str
    content: bytes = b""
    why: str = ""


def files_in(uploads: Iterable[tuple[str, bytes]]) -> list[Found]:
    """The files as they came, those of a ZIP one by one; what a system leaves in archives is not counted.

    Folders in names mean nothing and nothing is written anywhere. Raises CopyRefused: too many files, more
    than 100 MiB in all, a ZIP that is damaged or unpacks to a multiple no document has.
    """
    found: list[Found] = []
    room = ALL_BYTES_MAX
    for name, content in uploads:
        if content[:4] in (_ZIP, _EMPTY_ZIP):
            fresh = list(_unpacked(name, content, room))
        else:
            fresh = [Found(own_name(name), content)]
        room -= sum(len(each.content) for each in fresh)
        found += fresh
        if len(found) > FILES_MAX:
            raise CopyRefused(f"Son más de {FILES_MAX} archivos: súbalos en varias veces.")
        if room < 0:
            raise _too_much()
    return found


def own_name(name: str) -> str:
    """The last part of a path of any system, on one line of visible signs."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:_NAME_MAX] or "archivo"


def _unpacked(name: str, content: bytes, room: int) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not _is_leftover(each)]
            if len(members) > FILES_MAX:
                raise CopyRefused(f"Son más de {FILES_MAX} archivos: súbalos en varias veces.")
            if sum(each.file_size for each in members) > room:
                raise _too_much()
            for member in members:
                found = _member(archive, member, room)
                room -= len(found.content)
                yield found
    except _BROKEN as error:
        raise CopyRefused(f"El ZIP «{own_name(name)}» está dañado o incompleto.", file=name) from error


def _is_leftover(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.replace("\\", "/").split("/")
    last = parts[-1]
    return member.is_dir() or "__MACOSX" in parts or last.startswith(".") or last.lower() in _LEFTOVERS


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> Found:
    name = own_name(member.filename)
    if member.flag_bits & 0x1:
        return Found(name, why="está protegido con contraseña")
    if member.file_size > FILE_BYTES_MAX:
        return Found(name, why=f"pasa de {FILE_BYTES_MAX // 1024**2} MB")
    with archive.open(member) as stream:
        content = stream.read(min(FILE_BYTES_MAX, room) + 1)  # the announced size may lie
    if len(content) > room:
        raise _too_much()
    if len(content) > FILE_BYTES_MAX:
        return Found(name, why=f"pasa de {FILE_BYTES_MAX // 1024**2} MB")
    if len(content) > _RATIO_FROM_BYTES and len(content) > RATIO_MAX * max(member.compress_size, 1):
        raise CopyRefused(f"El ZIP ocupa demasiado al descomprimirlo, por «{name}».", file=name)
    return Found(name, content)


def _too_much() -> CopyRefused:
    return CopyRefused(f"Ocupan más de {ALL_BYTES_MAX // 1024**2} MB: súbalos en varias veces.")
