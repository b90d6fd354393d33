"""A message as parts (paragraphs and the table of what is owed), written as plain text and as HTML."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from aldia.kernel.money import format_money
from aldia.rules.portfolio.words import days_text
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.speech import Said, Speech, short_day, totals_of

LINES_SHOWN_MAX = 60

_CELL = "padding:6px 10px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #d5d9e0"
_MONEY = _CELL.replace("text-align:left", "text-align:right") + ";white-space:nowrap"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. due, days: of the line, "" and 0 where there are none. is_sum: a total."""

    label: str
    due: str = ""
    days: int = 0
    amount: str = ""
    is_sum: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What is owed, line by line, with one total per currency and group."""

    rows: tuple[Row, ...]


Part = Paragraph | Table


def table_of(speech: Speech) -> Table:
    """The lines of the message by group and currency, each with its own total."""
    rows: list[Row] = []
    headings = list(dict.fromkeys(line.heading for line in speech.lines))
    for heading in headings:
        group = [line for line in speech.lines if line.heading == heading]
        if len(headings) > 1:
            rows.append(Row(heading, is_heading=True))
        rows += _group_rows(group, speech.unapplied if heading == headings[0] else {}, speech.locale)
    return Table(tuple(rows))


def _group_rows(group: Sequence[Said], taken: Mapping[str, int], locale: str) -> Iterator[Row]:
    """taken: money not yet applied, per currency."""
    totals = totals_of(group, taken)
    for currency, lines in groupby(sorted(group, key=lambda line: line.currency), lambda line: line.currency):
        several = list(lines)
        yield from (_row(line, locale) for line in several[:LINES_SHOWN_MAX])
        rest = several[LINES_SHOWN_MAX:]
        if rest:
            minor = sum(line.asked_minor for line in rest)
            yield Row(f"y {len(rest)} más", amount=format_money(minor, currency, locale))
        if taken.get(currency):
            yield Row("Pagos recibidos sin aplicar", amount=format_money(-taken[currency], currency, locale))
        if len(several) > 1 or len(totals) > 1 or taken.get(currency):
            label = "Total" if len(totals) == 1 else f"Total en {currency}"
            yield Row(label, amount=format_money(totals[currency], currency, locale), is_sum=True)


def _row(line: Said, locale: str) -> Row:
    amount = format_money(line.asked_minor, line.currency, locale)
    return Row(one_line(line.label), short_day(line.due_date), max(0, line.days), amount)


def as_text(parts: Iterable[Part]) -> str:
    """Plain text: paragraphs apart by an empty line, one line of the table to a line."""
    blocks = [part.text if isinstance(part, Paragraph) else _text_rows(part) for part in parts]
    return "\n\n".join(blocks) + "\n"


def _text_rows(table: Table) -> str:
    return "\n".join(_text_row(row) for row in table.rows)


def _text_row(row: Row) -> str:
    if row.is_heading:
        return f"{row.label}:"
    if row.is_sum or not row.due:
        return f"{row.label}: {row.amount}"
    due = f"{'venció' if row.days else 'vence'} el {row.due}"
    delay = f"{days_text(row.days)} de retraso" if row.days else ""
    return " · ".join(cell for cell in (row.label, due, delay, row.amount) if cell)


def as_html(parts: Iterable[Part], title: str) -> str:
    """The same as one HTML page: paragraphs and tables of ours, all else escaped; no link, no image."""
    body = "\n".join(_html(part) for part in parts)
    return (
        '<!doctype html>\n<html lang="es">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>\n"
        '<body style="margin:0;padding:16px;color:#1f2733;background:#ffffff;'
        'font:16px/1.5 system-ui,Segoe UI,Roboto,Helvetica,Arial,sans-serif">\n'
        f'<div style="max-width:600px">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _html(part: Part) -> str:
    if isinstance(part, Paragraph):
        return (
            f'<p style="margin:0 0 16px">{"<br>".join(escape(line) for line in part.text.splitlines())}</p>'
        )
    return _html_table(part)


def _html_table(table: Table) -> str:
    is_late = any(row.days for row in table.rows)
    names = ["Concepto", "Vence", *(["Retraso"] if is_late else []), "Importe"]
    head = "".join(
        f'<th scope="col" style="{_MONEY if name == "Importe" else _CELL}">{name}</th>' for name in names
    )
    rows = "\n".join(_html_row(row, is_late) for row in table.rows)
    return (
        '<table style="border-collapse:collapse;margin:0 0 16px;width:100%;font-size:15px">'
        f"\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _html_row(row: Row, is_late: bool) -> str:
    across = 4 if is_late else 3
    if row.is_heading:
        return f'<tr><th scope="rowgroup" colspan="{across}" style="{_CELL}">{escape(row.label)}</th></tr>'
    weight = ";font-weight:600" if row.is_sum else ""
    amount = f'<td style="{_MONEY}{weight}">{escape(row.amount)}</td>'
    if row.is_sum or not row.due:
        label = f'<th scope="row" colspan="{across - 1}" style="{_CELL}{weight or ";font-weight:400"}">'
        return f"<tr>{label}{escape(row.label)}</th>{amount}</tr>"
    cells = [row.due, *([days_text(row.days) if row.days else "–"] if is_late else [])]
    middle = "".join(f'<td style="{_CELL};white-space:nowrap">{escape(cell)}</td>' for cell in cells)
    return (
        f'<tr><th scope="row" style="{_CELL};font-weight:400">{escape(row.label)}</th>{middle}{amount}</tr>'
    )
