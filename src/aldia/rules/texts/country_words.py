"""What the same thing is called from one country to the next. The words of docs/glossary.md.

«su {documento}» is «su factura» in Spain and «su comprobante» in Peru: texts name the thing between braces
and put a word before it that fits either gender («su», «tu»), never an article.
"""

from collections.abc import Mapping
from enum import StrEnum

COUNTRIES = ("ES", "PE", "MX", "CO", "CL", "AR")
_HOME = "ES"


class Word(StrEnum):
    """A thing whose name differs. INVOICE_FAMILIAR: an invoice as a person who is tutored reads of it."""

    INVOICE = "invoice"
    INVOICE_FAMILIAR = "invoice_familiar"
    FEE = "fee"
    CHARGE_NOTE = "charge_note"
    OPENING_BALANCE = "opening_balance"
    SEVERAL_KINDS = "several_kinds"
    DELAY = "delay"
    LATE_INTEREST = "late_interest"
    INSTALMENT = "instalment"
    PLAN = "plan"
    DISPUTE = "dispute"
    STATEMENT = "statement"
    REACTIVATION = "reactivation"
    CLEARANCE = "clearance"


# One and several of it, in the order of COUNTRIES; one row where all say the same.
_SPANISH: Mapping[Word, tuple[str, ...]] = {
    Word.INVOICE: (
        "factura/facturas",
        "comprobante/comprobantes",
        "factura/facturas",
        "factura/facturas",
        "factura/facturas",
        "factura/facturas",
    ),
    Word.INVOICE_FAMILIAR: (
        "recibo/recibos",
        "comprobante/comprobantes",
        "recibo/recibos",
        "factura/facturas",
        "boleta/boletas",
        "factura/facturas",
    ),
    Word.FEE: (
        "recibo/recibos",
        "cuota/cuotas",
        "mensualidad/mensualidades",
        "cuota/cuotas",
        "cuota/cuotas",
        "cuota/cuotas",
    ),
    Word.CHARGE_NOTE: (
        "nota de cargo/notas de cargo",
        "nota de débito/notas de débito",
        "nota de cargo/notas de cargo",
        "nota de débito/notas de débito",
        "nota de débito/notas de débito",
        "nota de débito/notas de débito",
    ),
    Word.OPENING_BALANCE: ("saldo anterior/saldos anteriores",) * len(COUNTRIES),
    Word.SEVERAL_KINDS: ("documento/documentos",) * len(COUNTRIES),
    Word.DELAY: ("de retraso", "de atraso", "de atraso", "de mora", "de mora", "de atraso"),
    Word.LATE_INTEREST: ("Intereses de demora", *("Intereses moratorios",) * 5),
    Word.INSTALMENT: ("plazo", "cuota", "parcialidad", "cuota", "cuota", "cuota"),
    Word.PLAN: (
        "plan de pagos",
        "plan de pagos",
        "convenio de pagos",
        "acuerdo de pago",
        "repactación",
        "plan de pagos",
    ),
    Word.DISPUTE: ("incidencia", "reclamo", "aclaración", "disputa", "reclamo", "disputa"),
    Word.STATEMENT: ("extracto de cuenta", *("estado de cuenta",) * 5),
    Word.REACTIVATION: ("reactivación", *("reconexión",) * 5),
    Word.CLEARANCE: (
        "un certificado de estar al corriente",
        "un certificado de estar al corriente",
        "una carta de no adeudo",
        "un paz y salvo",
        "un certificado de estar al corriente",
        "un libre deuda",
    ),
}

_ENGLISH: Mapping[Word, str] = {
    Word.INVOICE: "invoice/invoices",
    Word.INVOICE_FAMILIAR: "invoice/invoices",
    Word.FEE: "fee/fees",
    Word.CHARGE_NOTE: "debit note/debit notes",
    Word.OPENING_BALANCE: "previous balance/previous balances",
    Word.SEVERAL_KINDS: "document/documents",
    Word.DELAY: "overdue",
    Word.LATE_INTEREST: "Late-payment interest",
    Word.INSTALMENT: "instalment",
    Word.PLAN: "payment plan",
    Word.DISPUTE: "query",
    Word.STATEMENT: "statement of account",
    Word.REACTIVATION: "reactivation",
    Word.CLEARANCE: "a certificate that nothing is owed",
}


def country_word(word: Word, country: str, language: str = "es", *, many: bool = False) -> str:
    """The word as they say it there; Spain's for a country that is not in the table.

    many: several of it, where the word has a plural.
    """
    if language == "en":
        said = _ENGLISH[word]
    else:
        said = _SPANISH[word][COUNTRIES.index(country if country in COUNTRIES else _HOME)]
    one, _, several = said.partition("/")
    return several if many and several else one


def word_of_document(kind: str, *, familiar: bool) -> Word:
    """The word for a kind of document. familiar: a person who is addressed as tú or vos."""
    if kind == "invoice" and familiar:
        return Word.INVOICE_FAMILIAR
    return Word(kind)
