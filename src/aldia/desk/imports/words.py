"""What an import counts, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy

from aldia.formats.table import FIELDS, Field
from aldia.records.intake.models import ImportKind
from aldia.ui.other_language import said
from aldia.ui.templatetags.written import number

KINDS = {
    "invoices": gettext_lazy("Facturas"),
    "payments": gettext_lazy("Cobros"),
    "customers": gettext_lazy("Clientes"),
}
KIND_HINTS = {
    "invoices": gettext_lazy(
        "Lo que le deben: número, cliente, fechas e importe. Si trae el cobro, también."
    ),
    "payments": gettext_lazy("Lo que ha entrado: fecha, importe y, si se sabe, la factura que paga."),
    "customers": gettext_lazy("Quiénes son y cómo escribirles: correo, teléfono, dirección."),
}
STATES = {
    "staged": (gettext_lazy("En revisión"), "al-warm"),
    "committed": (gettext_lazy("Importado"), "al-good"),
    "undone": (gettext_lazy("Deshecho"), ""),
    "discarded": (gettext_lazy("Descartado"), ""),
}
_ROWS = {
    "new": ngettext_lazy("%(n)s nueva", "%(n)s nuevas", "count"),
    "changed": ngettext_lazy("%(n)s con cambios", "%(n)s con cambios", "count"),
    "unchanged": ngettext_lazy("%(n)s sin cambios", "%(n)s sin cambios", "count"),
    "questioned": ngettext_lazy("%(n)s por aclarar", "%(n)s por aclarar", "count"),
    "vanished": ngettext_lazy("%(n)s que ya no viene", "%(n)s que ya no vienen", "count"),
    "refused": ngettext_lazy("%(n)s rechazada", "%(n)s rechazadas", "count"),
    "excluded": ngettext_lazy("%(n)s que no es deuda", "%(n)s que no son deuda", "count"),
}
_LABELS = {
    "new": (gettext_lazy("Nuevas"), gettext_lazy("se anotan")),
    "changed": (gettext_lazy("Con cambios"), gettext_lazy("se ajusta lo anotado")),
    "unchanged": (gettext_lazy("Sin cambios"), gettext_lazy("ya estaban: no se hace nada")),
    "questioned": (gettext_lazy("Por aclarar"), gettext_lazy("no se tocan; mírelas abajo")),
    "vanished": (gettext_lazy("Ya no vienen"), gettext_lazy("siguen anotadas; ¿cobradas o anuladas?")),
    "refused": (gettext_lazy("Rechazadas"), gettext_lazy("tienen un error y no entran")),
    "excluded": (gettext_lazy("No son deuda"), gettext_lazy("proformas, importes cero…; se dejan aparte")),
}
_BOOKED = {
    "customers": ngettext_lazy("%(n)s cliente", "%(n)s clientes", "count"),
    "documents": ngettext_lazy("%(n)s documento", "%(n)s documentos", "count"),
    "payments": ngettext_lazy("%(n)s cobro", "%(n)s cobros", "count"),
    "credit_notes": ngettext_lazy("%(n)s abono", "%(n)s abonos", "count"),
    "adjustments": ngettext_lazy("%(n)s ajuste", "%(n)s ajustes", "count"),
    "corrections": ngettext_lazy("%(n)s ajuste anulado", "%(n)s ajustes anulados", "count"),
    "returns": ngettext_lazy("%(n)s devolución", "%(n)s devoluciones", "count"),
    "terms": ngettext_lazy("%(n)s cambio de vencimiento", "%(n)s cambios de vencimiento", "count"),
    "disputes": ngettext_lazy("%(n)s incidencia", "%(n)s incidencias", "count"),
    "covers": ngettext_lazy("%(n)s efecto", "%(n)s efectos", "count"),
    "contacts": ngettext_lazy("%(n)s contacto", "%(n)s contactos", "count"),
}


def rows_in_words(counts: Mapping[str, Any]) -> str:
    """«3 nuevas · 1 rechazada», of what there is."""
    return " · ".join(_counted(words, counts[name]) for name, words in _ROWS.items() if counts.get(name))


def booked_in_words(counts: Mapping[str, Any]) -> list[str]:
    """«3 clientes», «12 documentos» …"""
    return [_counted(words, counts[name]) for name, words in _BOOKED.items() if counts.get(name)]


def figures_of(counts: Mapping[str, Any]) -> list[tuple[str, int, str, str]]:
    """name, rows, label, what becomes of them; new ones always, others where there are any."""
    return [
        (name, int(counts.get(name, 0)), str(label), str(fate))
        for name, (label, fate) in _LABELS.items()
        if name == "new" or counts.get(name)
    ]


def _counted(words: Any, count: int) -> str:
    return str(words % {"count": count, "n": number(count)})


def kind_label(kind: str) -> str:
    """«Facturas»."""
    return str(KINDS[ImportKind(kind).value])


def field_label(field: Field) -> str:
    """«Fecha de vencimiento»."""
    text = said(field.label)
    return text[:1].upper() + text[1:]


def labels_of(kind: str) -> dict[str, str]:
    """Field → label."""
    return {field.name: field_label(field) for field in FIELDS[kind]}  # type: ignore[index]


# The fields' labels come from `formats.table`; here they are told to whoever translates.
_TRANSLATED = (
    gettext_noop("número de factura"),
    gettext_noop("código de cliente"),
    gettext_noop("nombre del cliente"),
    gettext_noop("NIF del cliente"),
    gettext_noop("correo del cliente"),
    gettext_noop("teléfono del cliente"),
    gettext_noop("tipo de cliente"),
    gettext_noop("fecha de factura"),
    gettext_noop("fecha de vencimiento"),
    gettext_noop("importe total"),
    gettext_noop("base imponible"),
    gettext_noop("cuota de impuesto"),
    gettext_noop("tipo de impuesto"),
    gettext_noop("porcentaje de impuesto"),
    gettext_noop("retención"),
    gettext_noop("moneda"),
    gettext_noop("tipo de documento"),
    gettext_noop("fecha de cobro"),
    gettext_noop("importe cobrado"),
    gettext_noop("saldo pendiente"),
    gettext_noop("en disputa"),
    gettext_noop("concepto"),
    gettext_noop("beneficiario"),
    gettext_noop("pedido"),
    gettext_noop("país"),
    gettext_noop("segmento"),
    gettext_noop("estado de conformidad"),
    gettext_noop("número de conformidad"),
    gettext_noop("vencimiento del pagaré o de la remesa"),
    gettext_noop("factura que se rectifica"),
    gettext_noop("referencia"),
    gettext_noop("ordenante"),
    gettext_noop("fecha del cobro"),
    gettext_noop("importe"),
    gettext_noop("forma de pago"),
    gettext_noop("tipo de cobro"),
    gettext_noop("nombre"),
    gettext_noop("NIF"),
    gettext_noop("correo"),
    gettext_noop("teléfono"),
    gettext_noop("idioma"),
    gettext_noop("tratamiento"),
    gettext_noop("etiquetas"),
    gettext_noop("provincia o región"),
    gettext_noop("población"),
    gettext_noop("código postal"),
    gettext_noop("dirección"),
    gettext_noop("gestor"),
    gettext_noop("persona de contacto"),
    gettext_noop("cargo del contacto"),
    gettext_noop("código del pagador"),
    gettext_noop("fecha de nacimiento"),
    gettext_noop("grupo"),
    gettext_noop("interés pactado"),
    gettext_noop("fecha de concurso"),
    gettext_noop("fin de la pausa"),
)
