"""What a table of each kind may say: the fields, how each is written, and its Spanish name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

TableKind = Literal["invoices", "payments", "customers"]
KINDS: tuple[TableKind, ...] = ("invoices", "payments", "customers")


class Shape(StrEnum):
    """How the cells of a field are written, and so how they are read."""

    CODE = "code"  # an identifier: kept as written, at most 200 characters
    NAME = "name"  # a name: at most 200 characters
    TEXT = "text"  # free text: at most 2,000 characters
    MONEY = "money"  # column `<field>_minor`, Int64, minor units of the row's currency
    RATE = "rate"  # percent, Decimal with 4 decimals: 21.0000 is 21 %
    DATE = "date"
    BIRTH_DATE = "birth_date"
    FLAG = "flag"  # yes or no
    WORD = "word"  # one word of a closed list, see words.py
    CURRENCY = "currency"
    COUNTRY = "country"  # ISO 3166 alpha-2
    EMAIL = "email"
    PHONE = "phone"
    TAX_ID = "tax_id"
    TAGS = "tags"  # list of texts
    LINK = "link"  # an https address


@dataclass(frozen=True, slots=True)
class Field:
    """One field. label: what a sentence calls it. words: the closed list of a WORD field."""

    name: str
    shape: Shape
    label: str
    words: str = ""

    @property
    def column(self) -> str:
        """Name of the column in the interpreted frame."""
        return f"{self.name}_minor" if self.shape is Shape.MONEY else self.name


INVOICE_FIELDS = (
    Field("number", Shape.CODE, "número de factura"),
    Field("customer_code", Shape.CODE, "código de cliente"),
    Field("customer_name", Shape.NAME, "nombre del cliente"),
    Field("customer_tax_id", Shape.TAX_ID, "NIF del cliente"),
    Field("customer_email", Shape.EMAIL, "correo del cliente"),
    Field("customer_phone", Shape.PHONE, "teléfono del cliente"),
    Field("customer_kind", Shape.WORD, "tipo de cliente", "person_kind"),
    Field("issue_date", Shape.DATE, "fecha de factura"),
    Field("due_date", Shape.DATE, "fecha de vencimiento"),
    Field("amount", Shape.MONEY, "importe total"),
    Field("net_amount", Shape.MONEY, "base imponible"),
    Field("tax_amount", Shape.MONEY, "cuota de impuesto"),
    Field("tax_kind", Shape.WORD, "tipo de impuesto", "tax_kind"),
    Field("tax_rate", Shape.RATE, "porcentaje de impuesto"),
    Field("retention_amount", Shape.MONEY, "retención"),
    Field("currency", Shape.CURRENCY, "moneda"),
    Field("kind", Shape.WORD, "tipo de documento", "document_kind"),
    Field("paid_date", Shape.DATE, "fecha de cobro"),
    Field("paid_amount", Shape.MONEY, "importe cobrado"),
    Field("open_amount", Shape.MONEY, "saldo pendiente"),
    Field("disputed", Shape.FLAG, "en disputa"),
    Field("description", Shape.TEXT, "concepto"),
    Field("beneficiary", Shape.NAME, "beneficiario"),
    Field("order_reference", Shape.CODE, "pedido"),
    Field("country", Shape.COUNTRY, "país"),
    Field("segment", Shape.CODE, "segmento"),
    Field("acceptance_state", Shape.WORD, "estado de conformidad", "acceptance_state"),
    Field("acceptance_number", Shape.CODE, "número de conformidad"),
    Field("covered_until", Shape.DATE, "vencimiento del pagaré o de la remesa"),
    Field("rectifies", Shape.CODE, "factura que se rectifica"),
    Field("copy_url", Shape.LINK, "enlace a la factura"),
)

PAYMENT_FIELDS = (
    Field("reference", Shape.CODE, "referencia"),
    Field("customer_code", Shape.CODE, "código de cliente"),
    Field("customer_name", Shape.NAME, "nombre del cliente"),
    Field("customer_tax_id", Shape.TAX_ID, "NIF del cliente"),
    Field("payer_name", Shape.NAME, "ordenante"),
    Field("value_date", Shape.DATE, "fecha del cobro"),
    Field("amount", Shape.MONEY, "importe"),
    Field("currency", Shape.CURRENCY, "moneda"),
    Field("invoice_number", Shape.CODE, "número de factura"),
    Field("method", Shape.WORD, "forma de pago", "payment_method"),
    Field("kind", Shape.WORD, "tipo de cobro", "payment_kind"),
    Field("description", Shape.TEXT, "concepto"),
)

CUSTOMER_FIELDS = (
    Field("code", Shape.CODE, "código de cliente"),
    Field("name", Shape.NAME, "nombre"),
    Field("tax_id", Shape.TAX_ID, "NIF"),
    Field("kind", Shape.WORD, "tipo de cliente", "person_kind"),
    Field("email", Shape.EMAIL, "correo"),
    Field("phone", Shape.PHONE, "teléfono"),
    Field("language", Shape.WORD, "idioma", "language"),
    Field("form_of_address", Shape.WORD, "tratamiento", "form_of_address"),
    Field("segment", Shape.CODE, "segmento"),
    Field("tags", Shape.TAGS, "etiquetas"),
    Field("country", Shape.COUNTRY, "país"),
    Field("region", Shape.NAME, "provincia o región"),
    Field("city", Shape.NAME, "población"),
    Field("postal_code", Shape.CODE, "código postal"),
    Field("address", Shape.TEXT, "dirección"),
    Field("owner", Shape.NAME, "gestor"),
    Field("salesperson", Shape.NAME, "comercial"),
    Field("salesperson_email", Shape.EMAIL, "correo del comercial"),
    Field("contact_name", Shape.NAME, "persona de contacto"),
    Field("contact_role", Shape.NAME, "cargo del contacto"),
    Field("payer_code", Shape.CODE, "código del pagador"),
    Field("birth_date", Shape.BIRTH_DATE, "fecha de nacimiento"),
    Field("group", Shape.NAME, "grupo"),
    Field("agreed_rate", Shape.RATE, "interés pactado"),
    Field("insolvent_on", Shape.DATE, "fecha de concurso"),
    Field("hold_until", Shape.DATE, "fin de la pausa"),
)

FIELDS: dict[TableKind, tuple[Field, ...]] = {
    "invoices": INVOICE_FIELDS,
    "payments": PAYMENT_FIELDS,
    "customers": CUSTOMER_FIELDS,
}
