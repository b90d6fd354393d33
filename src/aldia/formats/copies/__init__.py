"""Copies of documents: what a file is by its content, and the files of an archive."""

from aldia.formats.copies.archive import Found, files_in
from aldia.formats.copies.reading import FILE_BYTES_MAX, CopyRefused, ReadCopy, read_copy

__all__ = ["FILE_BYTES_MAX", "CopyRefused", "Found", "ReadCopy", "files_in", "read_copy"]
