"""Files that a command writes where it is told to."""

from pathlib import Path

from aldia.kernel.errors import AldiaError


class FileNotWritten(AldiaError):
    """The place does not take the file."""

    code = "file_not_written"


def write_file(path: Path, content: bytes) -> Path:
    """Write it whole; a file that is there is replaced. Raises FileNotWritten."""
    try:
        path.write_bytes(content)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileNotWritten(f"No se puede escribir «{path}»: {why}.", path=str(path)) from None
    return path
