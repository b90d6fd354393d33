"""Postal addresses as envelopes show them. What the window shows is who and where, and nothing else."""

import re

from aldia.rules.texts.clean import one_line

_LINE_MAX, _NAME_MAX, _LINES_MAX = 60, 80, 5
_BEFORE_POSTCODE = re.compile(r",\s+(?=[A-Z]?\d{4,5}[A-Z]{0,3}\b)")

TAX_ID_NAMES = {"ES": "NIF", "PE": "RUC", "MX": "RFC", "CO": "NIT", "CL": "RUT", "AR": "CUIT"}
"""Country → what people call a tax number there."""


def address_lines(address: str) -> tuple[str, ...]:
    """«Calle Mayor 1, 28013 Madrid, Madrid» → street, and what begins with the postal code. An address that
    has lines keeps them. At most five, none too long for a window."""
    written = [line for line in address.splitlines() if line.strip()]
    parts = written if len(written) > 1 else _BEFORE_POSTCODE.split(" ".join(written), maxsplit=1)
    shown = [piece for part in parts for piece in _pieces(one_line(part, 4 * _LINE_MAX))]
    return tuple(shown[:_LINES_MAX])


def _pieces(line: str) -> list[str]:
    """A line that is too long, broken at its last comma or space before the edge."""
    if len(line) <= _LINE_MAX:
        return [line] if line else []
    cut = max(line.rfind(", ", 0, _LINE_MAX) + 1, 0) or line.rfind(" ", 0, _LINE_MAX)
    cut = cut if cut > 0 else _LINE_MAX
    return [line[:cut].strip(), *_pieces(line[cut:].strip())]


def window_lines(
    *, customer: str, person_kind: str, contact: str, address: str, country: str = ""
) -> tuple[str, ...]:
    """Name and address. contact: the person written to, "" where it is the customer itself: at a company
    below its name, else in its place (a guardian, not the pupil). country: in words, where it is abroad."""
    name, person = one_line(customer, _NAME_MAX), one_line(contact, _NAME_MAX)
    if not person:
        who = [name]
    elif person_kind == "consumer":
        who = [person]
    else:
        who = [name, f"A la atención de {person}"]
    return (*who, *address_lines(address), *([one_line(country).upper()] if country else []))
