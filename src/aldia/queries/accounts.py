"""The statement of account of one customer as parts of a paper. docs/rules/letters.md.

Nothing is reckoned here: lines and interest are the engine's, as the page «Por qué» shows them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import polars as pl

from aldia.formats.paper import Block, Row, Section, Table, Words
from aldia.kernel.money import format_money
from aldia.queries.explain_lines import explained_lines, open_lines_of
from aldia.queries.explained import ExplainedLine
from aldia.queries.reasons import Reading
from aldia.queries.speeches import document_label
from aldia.rules.interest import InterestRow
from aldia.rules.portfolio.words import days_text
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.tongues import long_day, short_day

LINES_MAX = 1_000
_LINE_HEADS = ("Documento", "Emitido", "Vence", "Retraso", "Importe", "Pendiente")
_INTEREST_HEADS = ("Documento", "Desde", "Hasta", "Días", "Base", "Tipo", "Intereses", "")
_RATES = {
    "agreed": "Interés pactado. ",
    "statutory": "Interés de demora. ",
    "legal": "Interés legal, desde la reclamación. ",
}


@dataclass(frozen=True, slots=True)
class Account:
    """What one customer owes on a day. lines: open ones, oldest first, at most LINES_MAX; rest: what is open
    beyond them, (how many, minor units) by currency. unapplied: (value date, minor units left, currency)."""

    as_of: date
    lines: tuple[ExplainedLine, ...]
    unapplied: tuple[tuple[date, int, str], ...]
    rest: Mapping[str, tuple[int, int]]

    @property
    def currencies(self) -> list[str]:
        """In order; those with a line or with money left."""
        return sorted({line.currency for line in self.lines} | {row[2] for row in self.unapplied})

    def claimable(self) -> dict[str, int]:
        """Currency → overdue, less what is disputed, covered or already paid on account; none below zero."""
        sums: dict[str, int] = {}
        for line in self.lines:
            if line.overdue:
                asked = line.open_minor - line.disputed_minor - line.covered_minor
                sums[line.currency] = sums.get(line.currency, 0) + asked
        for _on, minor, currency in self.unapplied:
            if currency in sums:
                sums[currency] -= minor
        return {currency: minor for currency, minor in sorted(sums.items()) if minor > 0}


def accounts_of(reading: Reading, customer_ids: Iterable[int]) -> dict[int, Account]:
    """Customer → account; one SELECT for all of them."""
    wanted = sorted(set(customer_ids))
    open_lines = open_lines_of(reading).filter(pl.col("customer_id").is_in(wanted))
    shown = open_lines.group_by("customer_id", maintain_order=True).head(LINES_MAX)
    beyond = open_lines.join(shown.select("line_id"), on="line_id", how="anti")
    owner = dict(shown.select("line_id", "customer_id").iter_rows())
    explained = explained_lines(reading, shown.select(open_lines.columns)) if owner else ()
    credits_ = reading.frames.credits.filter(pl.col("unallocated_minor") > 0).sort("effective_on")
    return {
        customer: Account(
            as_of=reading.terms.as_of,
            lines=tuple(line for line in explained if owner[line.line_id] == customer),
            unapplied=tuple(
                credits_.filter(customer_id=customer)
                .select("effective_on", "unallocated_minor", "currency")
                .iter_rows()
            ),
            rest=_rest(beyond.filter(customer_id=customer)),
        )
        for customer in wanted
    }


def _rest(beyond: pl.DataFrame) -> dict[str, tuple[int, int]]:
    sums = beyond.group_by("currency").agg(pl.len(), pl.col("open_minor").sum())
    return {currency: (count, minor) for currency, count, minor in sums.iter_rows()}


def account_sections(
    account: Account, *, locale: str, form: str, demanded: Sequence[int] = (), new_page: bool = False
) -> tuple[Section, ...]:
    """The statement, then interest and compensation of the lines they are demanded of, by line id."""
    claimed = [line for line in account.lines if line.line_id in set(demanded)]
    return tuple(
        section
        for section in (
            _statement(account, locale, form, new_page),
            _interest([line for line in claimed if line.interest], locale, form),
            _compensation([line for line in claimed if line.compensation_minor], locale, form),
        )
        if section is not None
    )


def _statement(account: Account, locale: str, form: str, new_page: bool) -> Section:
    blocks: list[Block] = []
    several = len(account.currencies) > 1
    for currency in account.currencies:
        if several:
            blocks.append(Words((f"En {currency}",), "strong"))
        rows = list(_line_rows(account, currency, locale, form))
        blocks.append(Table(_LINE_HEADS, tuple(rows), right=(3, 4, 5)))
    if not blocks:
        blocks.append(Words(("No hay ninguna partida abierta.",)))
    return Section(f"Estado de cuenta a {long_day(account.as_of)}", tuple(blocks), new_page=new_page)


def _line_rows(account: Account, currency: str, locale: str, form: str) -> Iterable[Row]:
    lines = [line for line in account.lines if line.currency == currency]
    open_minor = sum(line.open_minor for line in lines)
    for line in lines:
        yield _line_row(line, locale, form)
    count, minor = account.rest.get(currency, (0, 0))
    if count:
        open_minor += minor
        yield Row((f"y {count} partidas más", "", "", "", "", format_money(minor, currency, locale)))
    paid = [(on, left) for on, left, of in account.unapplied if of == currency]
    if paid and lines:
        yield _sum("Total pendiente", open_minor, currency, locale)
    for on, left in paid:
        cells = (f"Pago del {short_day(on)}, sin aplicar", "", "", "", "")
        yield Row((*cells, format_money(-left, currency, locale)))
    balance = open_minor - sum(left for _on, left in paid)
    yield _sum("Saldo", balance, currency, locale)


def _sum(label: str, minor: int, currency: str, locale: str) -> Row:
    return Row((label, "", "", "", "", format_money(minor, currency, locale)), "sum")


def _label(line: ExplainedLine, locale: str, form: str) -> str:
    country = locale.partition("_")[2]
    return document_label(line.kind, line.number, is_familiar=form != "usted", country=country)


def _line_row(line: ExplainedLine, locale: str, form: str) -> Row:
    return Row(
        (
            " · ".join([one_line(_label(line, locale, form)), *_remarks(line, locale)]),
            short_day(line.issued_on),
            short_day(line.effective_due_date),
            days_text(line.days) if line.overdue else "",
            format_money(line.amount_minor, line.currency, locale),
            format_money(line.open_minor, line.currency, locale),
        )
    )


def _remarks(line: ExplainedLine, locale: str) -> list[str]:
    said = []
    if line.effective_due_date != line.due_date:
        said.append(f"aplazada; vencía el {short_day(line.due_date)}")
    if line.disputed_minor:
        said.append(f"{format_money(line.disputed_minor, line.currency, locale)} en incidencia")
    if line.covered_minor:
        said.append(f"{format_money(line.covered_minor, line.currency, locale)} en efectos")
    return said


def _interest(lines: Sequence[ExplainedLine], locale: str, form: str) -> Section | None:
    if not lines:
        return None
    sources: dict[str, int] = {}
    rows: list[Row] = []
    for currency, several in groupby(
        sorted(lines, key=lambda line: line.currency), lambda line: line.currency
    ):
        group = list(several)
        for line in group:
            rows += [_interest_row(line, row, sources, locale, form) for row in line.interest]
        total = sum(line.interest_minor for line in group)
        cells = (f"Total de intereses en {currency}", "", "", "", "", "")
        rows.append(Row((*cells, format_money(total, currency, locale), ""), "sum"))
    notes = tuple(f"({number}) {source}" for source, number in sources.items())
    table = Table(_INTEREST_HEADS, tuple(rows), right=(3, 4, 5, 6))
    blocks = (
        table,
        Words(("Interés simple, sobre 365 días. El último tramo lleva el redondeo.", *notes), "small"),
    )
    return Section("Intereses de demora, tramo a tramo", blocks)


def _interest_row(
    line: ExplainedLine, row: InterestRow, sources: dict[str, int], locale: str, form: str
) -> Row:
    note = sources.setdefault(f"{_RATES[line.rate]}{row.source}".strip(), len(sources) + 1)
    return Row(
        (
            one_line(_label(line, locale, form)),
            short_day(row.first),
            short_day(row.last),
            str(row.days),
            format_money(row.principal_minor, line.currency, locale),
            f"{row.rate_bp / 100:.2f} %".replace(".", ","),
            f"{row.amount:.4f}".replace(".", ","),
            f"({note})",
        )
    )


def _compensation(lines: Sequence[ExplainedLine], locale: str, form: str) -> Section | None:
    if not lines:
        return None
    rows = [
        Row(
            (
                one_line(_label(line, locale, form)),
                format_money(line.compensation_minor, line.currency, locale),
            )
        )
        for line in lines
    ]
    total = sum(line.compensation_minor for line in lines)
    rows.append(Row(("Total", format_money(total, lines[0].currency, locale)), "sum"))
    table = Table(("Documento", "Compensación"), tuple(rows), right=(1,))
    return Section("Compensación por costes de cobro", (table,))
