"""Words that may stand for several fields («Cliente»): they take what no strong word has claimed."""

from aldia.formats.table.fields import TableKind

# Words separated by «|» → the fields they may stand for, the likeliest first.
WEAK: dict[TableKind, dict[str, tuple[str, ...]]] = {
    "invoices": {
        "factura|numero|documento|comprobante|recibo|id|invoice": ("number",),
        "referencia": ("number", "order_reference"),
        "cliente|deudor|tercero|abonado|pagador|customer|account|debtor|socio": (
            "customer_code",
            "customer_name",
        ),
        "codigo|cuenta": ("customer_code",),
        "nombre|name|empresa|company|denominacion": ("customer_name",),
        "fecha|date|dia": ("issue_date",),
        "importe|total|amount|cuantia": ("amount",),
        "tipo|clase|type|kind": ("kind",),
        "cuota": ("amount", "tax_amount"),
        "vat": ("tax_amount",),
    },
    "payments": {
        "cliente|customer|deudor|tercero|account|abonado|socio": ("customer_code", "customer_name"),
        "codigo": ("customer_code",),
        "nombre|name": ("customer_name", "payer_name"),
        "empresa|company|denominacion": ("customer_name",),
        "fecha|date|dia|fecha operacion|fecha movimiento|fecha contable|fecha apunte": ("value_date",),
        "booking date|posting date|transaction date": ("value_date",),
        "importe|amount|total|cobro|pago|cuantia": ("amount",),
        "numero|recibo|id": ("reference",),
        "tipo|type|clase": ("kind",),
    },
    "customers": {
        "cliente|customer|deudor|account|tercero|abonado|socio": ("code", "name"),
        "alumno|nombre comercial|nombre|name|empresa|company|denominacion": ("name",),
        "documento": ("tax_id",),
        "codigo|numero|id|referencia": ("code",),
        "tipo|type": ("kind",),
        "estado|departamento": ("region",),
        "contact email": ("email",),
    },
}
