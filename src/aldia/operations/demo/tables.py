"""The invented values as a clerk's spreadsheets: Spanish headings, semicolons, 31/12/2025, 1.234,56."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from aldia.operations.demo.values import DemoCustomer, DemoLine, DemoPayment, Party

CUSTOMER_HEADINGS = (
    "Código",
    "Nombre",
    "NIF",
    "Tipo",
    "Correo",
    "Teléfono",
    "Idioma",
    "Tratamiento",
    "Segmento",
    "Etiquetas",
    "País",
    "Región",
    "Población",
    "Código postal",
    "Dirección",
    "Contacto",
    "Rol contacto",
    "Grupo",
    "Interés pactado",
)
INVOICE_HEADINGS = (
    "Nº factura",
    "Cód. cliente",
    "Fecha factura",
    "Vencimiento",
    "Importe total",
    "Base",
    "IVA",
    "Tipo impuesto",
    "Tipo IVA",
    "Retención",
    "Moneda",
    "Tipo documento",
    "Alumno",
    "Concepto",
)
PAYMENT_HEADINGS = (
    "Referencia",
    "Cód. cliente",
    "Fecha valor",
    "Importe",
    "Moneda",
    "Nº factura",
    "Medio de pago",
    "Concepto",
)
ACADEMY_SEGMENT = "academia"
_PERSON_KINDS = {
    Party.FAMILY: "Particular",
    Party.CONSUMER: "Particular",
    Party.SOLE_TRADER: "Autónomo",
    Party.COMPANY: "Empresa",
    Party.FOREIGN_COMPANY: "Empresa",
    Party.PUBLIC_BODY: "Administración pública",
}


def customers_csv(customers: Iterable[DemoCustomer]) -> bytes:
    """The customer table."""
    return _csv(CUSTOMER_HEADINGS, (_customer_row(customer) for customer in customers))


def invoices_csv(lines: Iterable[DemoLine]) -> bytes:
    """The invoice table: a row per due line, credit notes with negative amounts."""
    return _csv(INVOICE_HEADINGS, (_invoice_row(line) for line in lines))


def payments_csv(payments: Iterable[DemoPayment]) -> bytes:
    """A payment table, by value date."""
    ordered = sorted(payments, key=lambda payment: (payment.value_date, payment.reference))
    return _csv(PAYMENT_HEADINGS, (_payment_row(payment) for payment in ordered))


def _csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """As a Spanish spreadsheet saves it: UTF-8 with its mark, lines ended by CR LF."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _customer_row(customer: DemoCustomer) -> Sequence[str]:
    where = customer.address
    return (
        customer.code,
        customer.name,
        customer.tax_id,
        _PERSON_KINDS[customer.party],
        customer.email,
        customer.phone,
        customer.language,
        customer.form_of_address,
        ACADEMY_SEGMENT if customer.party is Party.FAMILY else "",
        customer.tags,
        where.country,
        where.region,
        where.city,
        where.postal_code,
        where.street,
        customer.contact_name,
        customer.contact_role,
        customer.group,
        customer.agreed_rate,
    )


def _invoice_row(line: DemoLine) -> Sequence[str]:
    return (
        line.number,
        line.customer.code,
        _day(line.issued_on),
        "" if line.corrects else _day(line.due_date),
        _amount(line.amount_minor),
        _amount(line.net_minor),
        _amount(line.tax_minor),
        line.customer.tax.value,
        f"{line.rate_bp // 100},{line.rate_bp % 100:02d}",
        _amount(line.retention_minor) if line.retention_minor else "",
        line.customer.currency,
        _document_kind(line),
        line.beneficiary,
        line.description,
    )


def _document_kind(line: DemoLine) -> str:
    if line.corrects:
        return "Factura rectificativa"
    return "Cuota" if line.beneficiary else "Factura"


def _payment_row(payment: DemoPayment) -> Sequence[str]:
    return (
        payment.reference,
        payment.customer_code,
        _day(payment.value_date),
        _amount(payment.amount_minor),
        payment.currency,
        payment.invoice_number,
        payment.method,
        payment.description,
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _amount(minor: int) -> str:
    """1234567 → «12.345,67»; all currencies of the demo have two decimals."""
    major, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{major:,}".replace(",", ".") + f",{cents:02d}"
