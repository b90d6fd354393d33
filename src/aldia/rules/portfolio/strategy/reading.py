"""From a TOML document to a Strategy, or to the list of everything that is wrong with it."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar, cast

from aldia.kernel.errors import AldiaError
from aldia.kernel.money import known_currencies, minor_units
from aldia.rules.portfolio.condition_values import nearest
from aldia.rules.portfolio.conditions import Condition, ConditionFault, parse_condition
from aldia.rules.portfolio.strategy.table import Table, decimal_of_toml
from aldia.rules.portfolio.strategy.values import (
    CHANNELS,
    DOCUMENT_KINDS,
    OUTCOMES,
    TONES,
    DocumentStep,
    Step,
    Strategy,
)
from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY, Column

STEPS_MAX = 62  # done steps travel as bits of an Int64
_TEXT_MAX = 200_000
_SPACING_DAYS = 7
_FACTOR_MAX = Decimal(10) ** 9
_Read = TypeVar("_Read")
_POSITION = re.compile(r"at line (\d+), column (\d+)")


class StrategyRefused(AldiaError):
    """The document is not a strategy. faults: every fault found, each a Spanish sentence with its place."""

    code = "strategy_refused"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        count = "una falta" if len(faults) == 1 else f"{len(faults)} faltas"
        super().__init__(f"La estrategia tiene {count}:\n- " + "\n- ".join(faults), faults=self.faults)


def read_strategy(toml_text: str, columns: Sequence[Column] = VOCABULARY) -> Strategy:
    """The strategy a document says; columns: the creditor's portfolio vocabulary.

    `minimum` is 0, `spacing_days` 7 and the episode per customer where the document is silent.
    Raises StrategyRefused with all faults. Shape and meaning: docs/rules/strategy.md §1.
    """
    faults: list[str] = []
    strategy = _Reader(Table("documento", _parsed(toml_text), faults), columns).strategy()
    if faults:
        raise StrategyRefused(faults)
    return strategy


def digest(toml_text: str) -> str:
    """SHA-256, in hex, of the document without what does not show: line ends, trailing blanks."""
    lines = toml_text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(toml_text: str) -> dict[str, Any]:
    if len(toml_text) > _TEXT_MAX:
        raise StrategyRefused([f"documento: tiene más de {_TEXT_MAX} caracteres."])
    try:
        return tomllib.loads(toml_text.removeprefix("\ufeff"), parse_float=decimal_of_toml)
    except (ValueError, RecursionError) as error:
        raise StrategyRefused([_syntax_fault(str(error))]) from None


def _syntax_fault(message: str) -> str:
    found = _POSITION.search(message)
    place = f"línea {found[1]}, columna {found[2]}" if found else "documento"
    return (
        f"{place}: hasta aquí se entiende; después el texto no es TOML válido "
        "(suele faltar o sobrar una comilla, un corchete o un signo igual, o repetirse una clave)."
    )


class _Reader:
    """Reads one document; the currency is known before any amount is read."""

    def __init__(self, root: Table, columns: Sequence[Column]) -> None:
        self.root = root
        self.columns = columns
        self.head = root.table("strategy")
        self.currency = self._currency()
        self.spacing_days = _SPACING_DAYS
        self.taken: set[str] = set()
        self.earlier: list[str] = []

    def strategy(self) -> Strategy:
        head = self.head
        name, title = head.identifier("name"), head.title("title")
        minimum = self._amount(head, "minimum") or Decimal(0)
        spacing = head.days("spacing_days", least=0)
        self.spacing_days = _SPACING_DAYS if spacing is None else spacing
        head.refuse_unknown_keys()
        return Strategy(
            name=name,
            title=title,
            currency=self.currency,
            minimum=minimum,
            spacing_days=self.spacing_days,
            episode_per=self._episode_per(),
            factors=self._factors(),
            goodwill=self._goodwill(),
            documents=tuple(self._each("document", "aviso", self._document)),
            steps=self._steps(),
        )

    def _steps(self) -> tuple[Step, ...]:
        steps = tuple(self._each("step", "paso", self._step))
        if not steps:
            self.root.fault("no hay ningún paso; añada al menos un [[step]].")
        if len(steps) > STEPS_MAX:
            self.root.fault(f"hay {len(steps)} pasos y el máximo son {STEPS_MAX}.")
        self.root.refuse_unknown_keys()
        return steps

    def _each(self, key: str, noun: str, read: Callable[[Table, int], _Read]) -> list[_Read]:
        found = []
        for rank, values in enumerate(self.root.tables(key), start=1):
            table = Table(_place(noun, rank, values), values, self.root.faults)
            found.append(read(table, rank))
            table.refuse_unknown_keys()
        return found

    def _currency(self) -> str:
        code = self.head.text("currency")
        if code and code not in known_currencies():
            self.head.fault(f"la moneda «{code}» no existe: use un código ISO como EUR.")
        return code

    def _digits(self) -> int | None:
        return minor_units(self.currency) if self.currency in known_currencies() else None

    def _amount(self, table: Table, key: str) -> Decimal | None:
        amount, digits = table.amount(key), self._digits()
        if amount is not None and digits is not None and amount != round(amount, digits):
            table.fault(f"«{key}» lleva más decimales que la moneda ({digits}).")
        return amount

    def _episode_per(self) -> Literal["customer", "item"]:
        table = self.root.table("episode")
        per = table.choice("per", ("customer", "item"), default="customer")
        table.refuse_unknown_keys()
        return cast(Literal["customer", "item"], per)

    def _goodwill(self) -> bool:
        table = self.root.table("goodwill")
        sends = table.flag("send") if table.has("send") else True
        table.refuse_unknown_keys()
        return sends

    def _factors(self) -> dict[str, Decimal]:
        amounts = self.root.table("amounts")
        return {code: self._factor(amounts, code) for code in amounts.values}

    def _factor(self, amounts: Table, code: str) -> Decimal:
        table = amounts.table(code)
        table.place = f"[amounts.{code}]"
        if code == self.currency or code not in known_currencies():
            table.fault("debe nombrar otra moneda con su código ISO, como [amounts.USD].")
        factor = table.amount("factor")
        if not table.has("factor"):
            table.fault("falta «factor».")
        elif factor is not None and not 0 < factor <= _FACTOR_MAX:
            table.fault("«factor» debe ser mayor que cero y como mucho mil millones.")
        table.refuse_unknown_keys()
        return factor or Decimal(1)

    def _document(self, table: Table, rank: int) -> DocumentStep:
        return DocumentStep(
            id=self._id(table),
            kind=table.choice("kind", DOCUMENT_KINDS),
            title=table.title("title"),
            condition=self._condition(table, DOCUMENT_VOCABULARY),
            channels=table.choices("channels", CHANNELS),
            tone=table.choice("tone", TONES),
            template=table.identifier("template"),
            approval=table.flag("approval"),
        )

    def _step(self, table: Table, rank: int) -> Step:
        own_spacing = table.days("spacing_days", least=0)
        step = Step(
            id=self._id(table),
            rank=rank,
            title=table.title("title"),
            condition=self._condition(table, self.columns),
            requires=self._requires(table),
            channels=table.choices("channels", CHANNELS),
            tone=table.choice("tone", TONES),
            template=table.identifier("template"),
            spacing_days=self.spacing_days if own_spacing is None else own_spacing,
            minimum=self._amount(table, "minimum"),
            new_deadline_days=table.days("new_deadline_days", least=1),
            approval=table.flag("approval"),
            claims=table.flag("claims"),
        )
        self.earlier.append(step.id)
        return step

    def _id(self, table: Table) -> str:
        name = table.identifier("id")
        if name in OUTCOMES:
            table.fault(f"el id «{name}» está reservado: así se llama un motivo para no hacer nada.")
        if name and name in self.taken:
            table.fault(f"el id «{name}» ya lo lleva otro paso o aviso.")
        self.taken.add(name)
        return name

    def _requires(self, table: Table) -> tuple[str, ...]:
        names = table.names("requires", required=False)
        for name in names:
            if name not in self.earlier:
                table.fault(f"«requires» nombra «{name}», que no es un paso anterior.{self._hint(name)}")
        return names

    def _hint(self, name: str) -> str:
        return nearest(name, self.earlier)

    def _condition(self, table: Table, columns: Sequence[Column]) -> Condition:
        text = table.text("when")
        if not isinstance(table.values.get("when"), str):
            return _NEVER
        try:
            condition = parse_condition(
                text, columns, where=f"{table.place}, when", currency_digits=self._digits()
            )
        except ConditionFault as fault:
            table.faults.append(fault.sentence)
            return _NEVER
        for word in condition.days_met_exactly:
            table.fault(
                f"«{word}» se compara con un día exacto; si ese día no hay proceso, el paso se pierde. "
                f"Escriba «{word} >= …»."
            )
        return condition


_NEVER = parse_condition("open IS NULL", VOCABULARY, where="")  # stands where a fault was noted


def _place(noun: str, rank: int, values: Mapping[str, object]) -> str:
    name = values.get("id")
    return f"{noun} «{name}»" if isinstance(name, str) and name else f"{noun} {rank}"
