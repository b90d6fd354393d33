"""What the renderer itself says, language by language: greeting, dates, the words of the table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date

_ES_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_OF_THE_DATE = {"en": "en_GB"}  # the day before the month, the month in letters: nobody can misread it


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. `{}` stands for a value.

    answers: channel → how to answer in tú, usted, vos. possessives: form → one, several. consequences: what
    follows, by its code. due, was_due: of a line that is not late, and that is. copy_attached, copy_at,
    copy_left_out: what is said of the copy of a document; copy_opens: its link.
    """

    greeting: str
    addressed: str
    answers: Mapping[str, tuple[str, str, str]]
    possessives: Mapping[str, tuple[str, str]]
    consequences: Mapping[str, str]
    phone: str
    joint: str
    more: str
    rest: str
    day: str
    days: str
    concept: str
    falls_due: str
    amount: str
    due: str
    was_due: str
    unapplied: str
    total: str
    total_in: str
    part_of: str
    copy_attached: str
    copy_at: str
    copy_opens: str
    copy_left_out: str

    def joined(self, texts: Iterable[str]) -> str:
        """«a, b y c»."""
        parts = list(texts)
        return self.joint.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)

    def days_text(self, days: int) -> str:
        """«1 día», «15 días»."""
        return (self.day if days == 1 else self.days).format(days)


_SPANISH = Tongue(
    greeting="Hola, {}:",
    addressed="A la atención de {}:",
    answers={
        "email": ("responde a este correo", "responda a este correo", "respondé a este correo"),
        "letter": ("escríbenos o llámanos", "escríbanos o llámenos", "escribinos o llamanos"),
        "": ("responde a este mensaje", "responda a este mensaje", "respondé a este mensaje"),
    },
    possessives={"usted": ("su", "sus"), "tu": ("tu", "tus"), "vos": ("tu", "tus")},
    consequences={
        "agency": "encargaremos la gestión a una empresa de cobro",
        "suit": "presentaremos una demanda",
        "file": "comunicaremos el dato a un fichero de solvencia",
        "suspension": "suspenderemos el servicio",
    },
    phone="Teléfono: {}",
    joint=" y ",
    more="{} más",
    rest="y {} más",
    day="{} día",
    days="{} días",
    concept="Concepto",
    falls_due="Vence",
    amount="Importe",
    due="vence el {}",
    was_due="venció el {}",
    unapplied="Pagos recibidos sin aplicar",
    total="Total",
    total_in="Total en {}",
    part_of="{} de {}",
    copy_attached="{}: copia adjunta",
    copy_at="{}: copia en {}",
    copy_opens="descargar la copia",
    copy_left_out="{}: la copia no cabe en este correo; está a su disposición",
)

_ENGLISH = Tongue(
    greeting="Hello {},",
    addressed="For the attention of {}:",
    answers={
        "email": ("reply to this email",) * 3,
        "letter": ("write to us or call us",) * 3,
        "": ("reply to this message",) * 3,
    },
    possessives={"usted": ("your", "your")},
    consequences={
        "agency": "we will pass the matter to a collection company",
        "suit": "we will bring a claim before the courts",
        "file": "we will report it to a credit file",
        "suspension": "we will suspend the service",
    },
    phone="Telephone: {}",
    joint=" and ",
    more="{} more",
    rest="and {} more",
    day="{} day",
    days="{} days",
    concept="Item",
    falls_due="Due",
    amount="Amount",
    due="due on {}",
    was_due="was due on {}",
    unapplied="Payments received, not yet applied",
    total="Total",
    total_in="Total in {}",
    part_of="{} of {}",
    copy_attached="{}: copy attached",
    copy_at="{}: copy at {}",
    copy_opens="download the copy",
    copy_left_out="{}: the copy is too large for this email; it is available on request",
)

TONGUES: Mapping[str, Tongue] = {"es": _SPANISH, "en": _ENGLISH}


def tongue(language: str) -> Tongue:
    """The language's words; Spanish where the house does not speak it, though its dates do follow it."""
    return TONGUES.get(language, _SPANISH)


@lru_cache(maxsize=4096)
def long_day(day: date, language: str = "es") -> str:
    """«5 de noviembre de 2026», «5 November 2026»."""
    if language == "es":
        return f"{day.day} de {_ES_MONTHS[day.month - 1]} de {day.year}"
    return str(format_date(day, "long", locale=_OF_THE_DATE.get(language, language)))


@lru_cache(maxsize=4096)
def short_day(day: date, language: str = "es") -> str:
    """«05/11/2026», «5 Nov 2026»."""
    if language == "en":
        return str(format_date(day, "d MMM y", locale="en_GB"))
    return f"{day:%d/%m/%Y}"


def amounts_locale(language: str, country: str) -> str:
    """How amounts are written: as in that country in Spanish, else as that language does."""
    return f"es_{country}" if language == "es" else language
