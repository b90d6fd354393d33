"""What a heading means: reduced to its bare words, then looked up among the known ones."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from aldia.formats.table.fields import KINDS, TableKind
from aldia.formats.table.heading_words import STRONG
from aldia.formats.table.weak_heading_words import WEAK
from aldia.kernel.money import known_currencies

_T = TypeVar("_T")

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-zà-ÿ])")
_REMARK = re.compile(r"\([^)]*\)|\[[^]]*\]")
_WORD = re.compile(r"[a-z0-9]+")
_SIGNS = {
    "º": "o.",
    "ª": "a.",
    "°": "o.",
    "#": " numero ",
    "%": " porcentaje ",
    "€": " ",
    "$": " ",
    "ñ": "n",
    "&": " y ",
}
_NUMBER_SIGN = re.compile(r"\bn\.?\s*(?:[º°ª]|ro\b|um\b|o\b)|\bn\.(?=\s)", re.IGNORECASE)
_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_STOP = frozenset(
    ("de", "del", "la", "el", "los", "las", "of", "the", "por", "para", "en", "a", "y", "and", "un", "una")
)
_ABBREVIATIONS = {
    "fecha": "f fec fch fcha",
    "date": "dt",
    "vencimiento": "vto vcto venc vcmto vto1 vencim vtos vence vencimto",
    "factura": "fra fact fac fras fctra facturas",
    "codigo": "cod cd cdgo code cve clave",
    "numero": "num nro nr nbr no number",
    "cliente": "cli clte cte client clientes",
    "importe": "imp impte impt monto valor",
    "amount": "amt",
    "pendiente": "pdte pend pte pdt",
    "documento": "doc docto",
    "comprobante": "comprob cbte cpte",
    "descripcion": "desc descr",
    "observaciones": "obs",
    "telefono": "tel tlf tfno tlfno telf tef",
    "movil": "mov",
    "referencia": "ref reference refer",
    "nombre": "nom",
    "direccion": "dir",
    "provincia": "prov",
    "poblacion": "pob",
    "invoice": "inv",
    "customer": "cust",
    "porcentaje": "porc pct percent pctje",
    "retencion": "ret reten",
    "emision": "emis emi",
    "moneda": "mon",
    "divisa": "div",
    "representante": "rep",
    "cuenta": "cta",
    "domicilio": "dom",
    "nacimiento": "nac",
}
_SHORT = {short: word for word, shorts in _ABBREVIATIONS.items() for short in shorts.split()}


def heading_key(heading: str) -> str:
    """The bare words of a heading, joined:

    «Nº de factura», «num_factura», «NumeroFactura» → «numerofactura».
    """
    return "".join(_words(heading))


def _words(heading: str) -> list[str]:
    marked = _NUMBER_SIGN.sub(" numero ", _CAMEL.sub(" ", heading))
    for sign, word in _SIGNS.items():
        marked = marked.replace(sign, word)
    decomposed = unicodedata.normalize("NFKD", marked.casefold())
    plain = _INITIALS.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))
    words = [_SHORT.get(word, word) for word in _WORD.findall(plain)]
    return [word for word in words if word not in _STOP] or words


def currency_in(heading: str) -> str | None:
    """The currency a heading names in capitals, «Importe (USD)» → «USD»; None if it names none or two."""
    found = {code for code in _CODE.findall(heading) if code in known_currencies()}
    return found.pop() if len(found) == 1 else None


def strong_field(heading: str, kind: TableKind) -> str | None:
    """The one field these words name, if any."""
    return _first(_strong_index()[kind], heading)


def weak_fields(heading: str, kind: TableKind) -> tuple[str, ...]:
    """The fields these words may stand for, the likeliest first."""
    return _first(_weak_index()[kind], heading) or ()


def is_known_heading(heading: str) -> bool:
    """Does a table of any kind use these words over a column?"""
    return any(strong_field(heading, kind) or weak_fields(heading, kind) for kind in KINDS)


def _first(index: Mapping[str, _T], heading: str) -> _T | None:
    """Look the heading up as it is, then without its remark «(…)», then without its currency."""
    bare = _REMARK.sub(" ", heading)
    for text in (heading, bare, _CODE.sub(_without_currency, bare)):
        if found := index.get(heading_key(text)):
            return found
    return None


def _without_currency(match: re.Match[str]) -> str:
    return " " if match.group() in known_currencies() else match.group()


@lru_cache(maxsize=1)
def _strong_index() -> dict[TableKind, dict[str, str]]:
    return {
        kind: {heading_key(words): name for name, entries in fields.items() for words in entries.split("|")}
        for kind, fields in STRONG.items()
    }


@lru_cache(maxsize=1)
def _weak_index() -> dict[TableKind, dict[str, tuple[str, ...]]]:
    return {
        kind: {heading_key(words): names for entry, names in entries.items() for words in entry.split("|")}
        for kind, entries in WEAK.items()
    }
