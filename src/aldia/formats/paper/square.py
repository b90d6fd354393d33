"""A square code (ISO/IEC 18004) as a drawing: one path, black on nothing, that a printer draws sharp."""

from collections.abc import Iterator, Sequence

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


def square_svg(text: str) -> str:
    """The code with error correction M, a module wide to a unit, without its quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows)
    path = "".join(
        f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _dark_runs(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def _dark_runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(first, how many) of the dark modules that touch."""
    start = None
    for x, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            yield start, x - start
            start = None
