"""What one message may speak of, and the words each placeholder becomes. Amounts are whole minor units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from aldia.kernel.money import format_money
from aldia.rules.portfolio.words import days_text, joined
from aldia.rules.texts.clean import one_line, some_lines

_MONTHS = (
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
_NUMBERS_MAX = 3
_ADDRESSED = "A la atención de {}:"
_ANSWER = {
    # channel: tú, usted, vos
    "email": ("responde a este correo", "responda a este correo", "respondé a este correo"),
    "letter": ("escríbenos o llámanos", "escríbanos o llámenos", "escribinos o llamanos"),
    "certified": ("escríbenos o llámanos", "escríbanos o llámenos", "escribinos o llamanos"),
    "": ("responde a este mensaje", "responda a este mensaje", "respondé a este mensaje"),
}
_FORMS = ("tu", "usted", "vos")
_SOFT = ("amable", "cercano", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One due line as the message tells it.

    label: «Factura F-118». heading: of its group, "" where there is but one. days: of delay, 0 or less before
    it is late. asked_minor: what is asked of it. interest_minor, compensation_minor: demanded, else 0.
    """

    due_line_id: int
    number: str
    label: str
    due_date: date
    days: int
    currency: str
    asked_minor: int
    heading: str = ""
    interest_minor: int = 0
    compensation_minor: int = 0


@dataclass(frozen=True, slots=True)
class Speech:
    """The facts of one message at one moment; what is "" or None has nothing to say.

    lines: what it speaks of, oldest first; those with the first line's heading count for the totals.
    unapplied: money of the customer not yet applied, taken off per currency. form: tu, usted or vos.
    claims: interest and compensation are demanded; norm: by which law.
    """

    creditor: str
    customer: str
    code: str
    today: date
    lines: tuple[Said, ...] = ()
    unapplied: Mapping[str, int] = field(default_factory=dict)
    contact: str = ""
    person_kind: str = "consumer"
    form: str = "usted"
    tone: str = "amable"
    channel: str = "email"
    deadline: date | None = None
    claims: bool = False
    norm: str = ""
    tax_id: str = ""
    phone: str = ""
    manager: str = ""
    how_to_pay: str = ""
    locale: str = "es_ES"

    @property
    def main(self) -> tuple[Said, ...]:
        """The lines the message is about; others are told below them."""
        return tuple(line for line in self.lines if line.heading == self.lines[0].heading)

    @property
    def totals(self) -> dict[str, int]:
        """Currency → what is asked for, unapplied money taken off; never added together."""
        return totals_of(self.main, self.unapplied)


def totals_of(lines: Iterable[Said], unapplied: Mapping[str, int]) -> dict[str, int]:
    """Currency → sum of the lines less money not yet applied, in order of the currencies."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.asked_minor
    return {currency: sums[currency] - unapplied.get(currency, 0) for currency in sorted(sums)}


def values_of(speech: Speech) -> dict[str, str]:
    """Placeholder → its words, "" where there is nothing to say; `partidas` is made elsewhere, as a table."""
    return {
        "saludo": _greeting(speech),
        "cliente": one_line(speech.customer),
        "contacto": one_line(speech.contact),
        "codigo": one_line(speech.code),
        "acreedor": one_line(speech.creditor),
        "nif": one_line(speech.tax_id),
        "telefono": one_line(speech.phone),
        "gestor": one_line(speech.manager),
        "fecha": long_day(speech.today),
        "como_pagar": some_lines(speech.how_to_pay),
        "responder": _ANSWER.get(speech.channel, _ANSWER[""])[_FORMS.index(speech.form)],
        "firma": _signature(speech),
        **_debt(speech),
        **_demanded(speech),
    }


def _debt(speech: Speech) -> dict[str, str]:
    oldest = min(speech.main, key=lambda line: line.due_date, default=None)
    late = oldest is not None and oldest.days > 0
    return {
        "documentos": _numbers([one_line(line.number, 40) for line in speech.main]),
        "total": sums_text(speech.totals, speech.locale),
        "vencimiento": long_day(oldest.due_date) if oldest else "",
        "dias": days_text(oldest.days) if oldest and late else "",
        "plazo": long_day(speech.deadline) if speech.deadline else "",
    }


def _demanded(speech: Speech) -> dict[str, str]:
    """Interest and compensation: only where the step demands them, and never of a consumer."""
    nothing = {"intereses": "", "compensacion": "", "total_con_intereses": "", "norma": ""}
    if not speech.claims or speech.person_kind == "consumer":
        return nothing
    interest = _sum_by_currency((line.currency, line.interest_minor) for line in speech.main)
    fixed = _sum_by_currency((line.currency, line.compensation_minor) for line in speech.main)
    if not interest and not fixed:
        return nothing
    whole = {c: minor + interest.get(c, 0) + fixed.get(c, 0) for c, minor in speech.totals.items()}
    return {
        "intereses": sums_text(interest, speech.locale),
        "compensacion": sums_text(fixed, speech.locale),
        "total_con_intereses": sums_text(whole, speech.locale),
        "norma": one_line(speech.norm),
    }


def _sum_by_currency(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for currency, minor in amounts:
        sums[currency] = sums.get(currency, 0) + minor
    return {currency: minor for currency, minor in sorted(sums.items()) if minor}


def sums_text(sums: Mapping[str, int], locale: str) -> str:
    """«340,00 € y 20,00 US$»: one sum per currency."""
    return joined(format_money(minor, currency, locale) for currency, minor in sums.items())


def _numbers(numbers: list[str]) -> str:
    rest = len(numbers) - _NUMBERS_MAX
    shown = numbers if rest <= 0 else [*numbers[:_NUMBERS_MAX], f"{rest} más"]
    return joined(shown)


def _greeting(speech: Speech) -> str:
    """By name: softly to a person, to the attention of a company, an office, or where the tone is formal."""
    name = one_line(speech.contact or speech.customer)
    if speech.person_kind == "public_body":
        return _ADDRESSED.format(one_line(speech.customer))
    if speech.form in ("tu", "vos") and (speech.contact or speech.person_kind == "consumer"):
        return f"Hola, {first_name(name)}:"
    if speech.tone in _SOFT and (speech.contact or speech.person_kind == "consumer"):
        return f"Hola, {name}:"
    return _ADDRESSED.format(one_line(speech.customer))


def first_name(name: str) -> str:
    """«Marta» of «Marta Gómez Ruiz» and of «GÓMEZ RUIZ, MARTA»."""
    given = name.rpartition(",")[2].split() or name.split() or [name]
    return given[0].capitalize() if given[0].isupper() else given[0]


def _signature(speech: Speech) -> str:
    phone = f"Teléfono: {one_line(speech.phone)}" if speech.phone else ""
    lines = (one_line(speech.manager), one_line(speech.creditor), phone)
    return "\n".join(line for line in lines if line)


def long_day(day: date) -> str:
    """«5 de noviembre de 2026»."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def short_day(day: date) -> str:
    """«05/11/2026»."""
    return f"{day:%d/%m/%Y}"
