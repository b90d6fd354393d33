"""The values of the pack's paper: who, how much, each contact, each message. Texts only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aldia.kernel.money import Money, format_money
from aldia.operations.evidence.asked import Asked
from aldia.operations.evidence.words import channel_words, kind_words, outcome_words
from aldia.queries.evidence import Evidence, LoggedEntry
from aldia.queries.people import names_of, program_name
from aldia.queries.sheet_page import Standing
from aldia.rules.portfolio.words import day_text
from aldia.rules.texts.clean import one_line

_TITLE = "Expediente de contactos"
_ATTEMPTS = ("sent", "failed", "unknown")
_UNBROKEN_MAX = 24
_VALUE_MAX = 400
_BREAK_AFTER = "@._-/:"
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"


def paper_values(asked: Asked, found: Evidence, standing: Sequence[Standing]) -> dict[str, Any]:
    """Everything that `evidence.typ` shows."""
    shown = [each for each in found.entries if each.shown]
    names = _actors(shown)
    zone = ZoneInfo(asked.creditor.time_zone)
    return {
        "title": _TITLE,
        "creditor": {"name": one_line(asked.creditor.name)},
        "customer": {"name": one_line(asked.customer.name) or asked.customer.code},
        "made": f"Hecho el {_moment(asked.now, zone)} por {asked.by}",
        "cover": _cover(asked, found),
        "balance_note": f"A {day_text(asked.as_of)}, según los libros del acreedor.",
        "balances": [_balance(each) for each in standing],
        "notes": _notes(found, zone),
        "entries": [_row(each, zone, names) for each in shown],
        "messages": _messages(shown, found, zone),
    }


def _cover(asked: Asked, found: Evidence) -> list[dict[str, Any]]:
    creditor, customer, last = asked.creditor, asked.customer, found.entries[-1]
    rows = [
        ("Acreedor", " · ".join(filter(None, (creditor.name, creditor.tax_id))), False),
        ("Cliente", " · ".join(filter(None, (customer.name, customer.code, customer.tax_id))), False),
        ("Periodo", _period(asked.since, asked.until), False),
        ("Anotaciones", str(len(found.entries)), False),
        ("Última huella", last.entry_hash, True),
    ]
    return [{"name": name, "value": one_line(value, _VALUE_MAX), "mono": mono} for name, value, mono in rows]


def _period(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return "todo lo que consta"
    begins = f"desde el {since:%d/%m/%Y}" if since else "desde el principio"
    return f"{begins} hasta el {until:%d/%m/%Y}" if until else f"{begins} hasta hoy"


def _notes(found: Evidence, zone: ZoneInfo) -> list[str]:
    said = [f"Horas de {zone.key}. Bajo cada contacto, su huella en la cadena (véase LEEME.txt)."]
    hidden = sum(not each.shown for each in found.entries)
    if hidden:
        said.append(
            f"No se enseñan {hidden} anotaciones, por estar fuera del periodo o ser confidenciales; consta la"
            " huella de cada una."
        )
    if found.missing:
        said.append(f"De {len(found.missing)} textos o archivos solo se conserva la huella.")
    return said


def _balance(standing: Standing) -> dict[str, str]:
    return {
        "currency": standing.currency,
        "open": _money(standing.open),
        "overdue": _money(standing.overdue),
    }


def _row(entry: LoggedEntry, zone: ZoneInfo, names: Mapping[str, str]) -> dict[str, Any]:
    to = [_breakable(entry.address) if entry.address else "", channel_words(entry.channel)]
    outcome = [*map(_breakable, outcome_words(entry.kind, entry.payload)), f"Por {names[entry.actor]}"]
    return {
        "n": str(entry.seq),
        "at": _moment(entry.at, zone),
        "what": kind_words(entry.kind),
        "to": [each for each in to if each] or ["–"],
        "outcome": outcome,
        "hash": entry.entry_hash,
    }


def _messages(shown: Sequence[LoggedEntry], found: Evidence, zone: ZoneInfo) -> list[dict[str, Any]]:
    news: dict[str, list[LoggedEntry]] = {}
    for each in shown:
        if each.kind in ("delivery", "arrived", "lost"):
            news.setdefault(each.subject, []).append(each)
    return [
        _message(each, news.get(each.subject, []), found, zone) for each in shown if each.kind in _ATTEMPTS
    ]


def _message(
    entry: LoggedEntry, news: Sequence[LoggedEntry], found: Evidence, zone: ZoneInfo
) -> dict[str, Any]:
    said = entry.payload
    text = found.contents.get(said.get("text_sha256", ""))
    rows: list[tuple[str, str, bool]] = [
        ("Cuándo", _moment(entry.at, zone), False),
        ("A", " · ".join(filter(None, (said.get("recipient_name"), entry.address))), False),
        ("Por", channel_words(entry.channel), False),
        ("Resultado", " · ".join([kind_words(entry.kind), *outcome_words(entry.kind, said)]), False),
        *((kind_words(each.kind), _told(each, zone), False) for each in news),
        ("Identificador", said.get("message_id", ""), True),
        ("Del operador", said.get("provider_id", ""), True),
        ("Huella del texto", said.get("text_sha256", ""), True),
        ("Huella del HTML", said.get("html_sha256", ""), True),
        *((f"Adjunto: {each['name']}", each["sha256"], True) for each in said.get("attachments", ())),
    ]
    return {
        "title": one_line(f"{entry.seq}. {said.get('title') or channel_words(entry.channel)}", _VALUE_MAX),
        "facts": [
            {"name": _breakable(name), "value": value if mono else _breakable(value), "mono": mono}
            for name, value, mono in rows
            if value
        ],
        "lines": text.content.decode().split("\n") if text else ["(el texto no se conserva)"],
    }


def _told(entry: LoggedEntry, zone: ZoneInfo) -> str:
    return " · ".join([_moment(entry.at, zone), *outcome_words(entry.kind, entry.payload)])


def _actors(shown: Sequence[LoggedEntry]) -> dict[str, str]:
    """Each actor by name; one query."""
    ids = {each.actor: each.actor.removeprefix("user:") for each in shown}
    people = names_of(
        {int(id_) for actor, id_ in ids.items() if actor.startswith("user:") and id_.isdecimal()}
    )
    return {
        actor: (people.get(int(id_)) if id_.isdecimal() else None) or program_name(actor)
        for actor, id_ in ids.items()
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d/%m/%Y %H:%M:%S}"


def _money(amount: Money) -> str:
    return format_money(amount.minor, amount.currency, "es_ES")


def _breakable(text: str) -> str:
    """Made inert; long addresses may go on in the next line."""
    text = one_line(text, _VALUE_MAX)
    if all(len(word) <= _UNBROKEN_MAX for word in text.split()):
        return text
    parts = (f"{each}{_MAY_BREAK}" if each in _BREAK_AFTER else each for each in text)
    return "".join(parts)
