"""A message as parts (paragraphs and tables), written as plain text and as HTML."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from aldia.rules.texts.clean import one_line
from aldia.rules.texts.country_words import Word
from aldia.rules.texts.speech import Instalment, Said, Speech, sum_by_currency, totals_of
from aldia.rules.texts.tongues import short_day, tongue
from aldia.rules.texts.values import money, part_of_plan, said_there

LINES_SHOWN_MAX = 60

_CELL = "padding:6px 10px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #d5d9e0"
_MONEY = _CELL.replace("text-align:left", "text-align:right") + ";white-space:nowrap"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. day, delay: "" where there are none; in_words: both within a line of plain text.

    is_sum: a total.
    """

    label: str
    day: str = ""
    delay: str = ""
    in_words: tuple[str, ...] = ()
    amount: str = ""
    is_sum: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What is owed or agreed, line by line, with its totals. head: names of label, day, delay and amount."""

    rows: tuple[Row, ...]
    head: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """One line about the copy of a document. text: of plain text; before, opens: around and in the link of
    HTML; url: "" where there is none."""

    text: str
    before: str = ""
    opens: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What goes with the message of each document."""

    rows: tuple[Link, ...]


Part = Paragraph | Table | Links


def copies_of(speech: Speech) -> Links:
    """The copies that go with the message, in the order of the table; those beyond its lines are not told."""
    spoken = tongue(speech.language)
    rows = []
    for each in speech.copies[:LINES_SHOWN_MAX]:
        label = one_line(each.label)
        if each.url:
            rows.append(
                Link(spoken.copy_at.format(label, each.url), f"{label}: ", spoken.copy_opens, each.url)
            )
        else:
            said = spoken.copy_attached if each.is_attached else spoken.copy_left_out
            rows.append(Link(said.format(label)))
    return Links(tuple(rows))


def table_of(speech: Speech) -> Table:
    """The lines of the message by group and currency, each with its own total."""
    rows: list[Row] = []
    headings = list(dict.fromkeys(line.heading for line in speech.lines))
    for heading in headings:
        group = [line for line in speech.lines if line.heading == heading]
        if len(headings) > 1:
            rows.append(Row(heading, is_heading=True))
        rows += _group_rows(group, speech.unapplied if heading == headings[0] else {}, speech)
    delay = said_there(speech, Word.DELAY).removeprefix("de ").capitalize()
    spoken = tongue(speech.language)
    return Table(tuple(rows), (spoken.concept, spoken.falls_due, delay, spoken.amount))


def plan_of(speech: Speech) -> Table:
    """The payments of a plan in their order, with one total per currency."""
    spoken = tongue(speech.language)
    name = said_there(speech, Word.INSTALMENT).capitalize()
    rows = [_instalment(each, name, speech) for each in speech.plan]
    sums = sum_by_currency((each.currency, each.amount_minor) for each in speech.plan)
    for currency, minor in sums.items():
        label = spoken.total if len(sums) == 1 else spoken.total_in.format(currency)
        rows.append(Row(label, amount=money(speech, minor, currency), is_sum=True))
    return Table(tuple(rows), (spoken.concept, spoken.falls_due, "", spoken.amount))


def _instalment(each: Instalment, name: str, speech: Speech) -> Row:
    day = short_day(each.due_on, speech.language)
    amount = money(speech, each.amount_minor, each.currency)
    return Row(f"{name} {part_of_plan(speech, each)}", day, in_words=(day,), amount=amount)


def _group_rows(group: Sequence[Said], taken: Mapping[str, int], speech: Speech) -> Iterator[Row]:
    """taken: money not yet applied, per currency."""
    spoken, totals = tongue(speech.language), totals_of(group, taken)
    for currency, lines in groupby(sorted(group, key=lambda line: line.currency), lambda line: line.currency):
        several = list(lines)
        yield from (_row(line, speech) for line in several[:LINES_SHOWN_MAX])
        rest = several[LINES_SHOWN_MAX:]
        if rest:
            minor = sum(line.asked_minor for line in rest)
            yield Row(spoken.rest.format(len(rest)), amount=money(speech, minor, currency))
        if taken.get(currency):
            yield Row(spoken.unapplied, amount=money(speech, -taken[currency], currency))
        if len(several) > 1 or len(totals) > 1 or taken.get(currency):
            label = spoken.total if len(totals) == 1 else spoken.total_in.format(currency)
            yield Row(label, amount=money(speech, totals[currency], currency), is_sum=True)


def _row(line: Said, speech: Speech) -> Row:
    spoken, day = tongue(speech.language), short_day(line.due_date, speech.language)
    is_late = line.days > 0
    delay = spoken.days_text(line.days) if is_late else ""
    told = [(spoken.was_due if is_late else spoken.due).format(day)]
    if is_late:
        told.append(f"{delay} {said_there(speech, Word.DELAY)}")
    return Row(
        label=one_line(line.label),
        day=day,
        delay=delay,
        in_words=tuple(told),
        amount=money(speech, line.asked_minor, line.currency),
    )


def as_text(parts: Iterable[Part]) -> str:
    """Plain text: paragraphs apart by an empty line, one line of the table to a line."""
    return "\n\n".join(_text_of(part) for part in parts) + "\n"


def _text_of(part: Part) -> str:
    if isinstance(part, Paragraph):
        return part.text
    if isinstance(part, Links):
        return "\n".join(row.text for row in part.rows)
    return "\n".join(_text_row(row) for row in part.rows)


def _text_row(row: Row) -> str:
    if row.is_heading:
        return f"{row.label}:"
    if row.is_sum or not row.day:
        return f"{row.label}: {row.amount}"
    return " · ".join((row.label, *row.in_words, row.amount))


def as_html(parts: Iterable[Part], title: str, language: str) -> str:
    """The same as one HTML page: paragraphs and tables of ours, all else escaped; no image, and no link
    but those of copies."""
    body = "\n".join(_html(part) for part in parts)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8">'
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
    if isinstance(part, Links):
        return f'<p style="margin:0 0 16px">{"<br>".join(_html_link(row) for row in part.rows)}</p>'
    return _html_table(part)


def _html_link(row: Link) -> str:
    if not row.url:
        return escape(row.text)
    return f'{escape(row.before)}<a href="{escape(row.url)}" style="color:#1c4fa0">{escape(row.opens)}</a>'


def _html_table(table: Table) -> str:
    is_late = any(row.delay for row in table.rows)
    concept, day, delay, amount = table.head
    names = [concept, day, *([delay] if is_late else []), amount]
    head = "".join(
        f'<th scope="col" style="{_MONEY if name == amount else _CELL}">{escape(name)}</th>' for name in names
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
    if row.is_sum or not row.day:
        label = f'<th scope="row" colspan="{across - 1}" style="{_CELL}{weight or ";font-weight:400"}">'
        return f"<tr>{label}{escape(row.label)}</th>{amount}</tr>"
    cells = [row.day, *([row.delay or "–"] if is_late else [])]
    middle = "".join(f'<td style="{_CELL};white-space:nowrap">{escape(cell)}</td>' for cell in cells)
    return (
        f'<tr><th scope="row" style="{_CELL};font-weight:400">{escape(row.label)}</th>{middle}{amount}</tr>'
    )
