"""Closed lists: the words a file may use for each; what is stored is the key.

The first word of each is the one a sentence shows, accents and all; they are folded before they are compared.
"""

from aldia.kernel.text import fold

_LISTS: dict[str, dict[str, str]] = {
    "person_kind": {
        "consumer": (
            "consumidor|particular|persona fisica|persona natural|fisica|natural|individual|b2c|consumer|"
            "person|privado|familia|c|pf|individuo"
        ),
        "business": (
            "empresa|juridica|persona juridica|sociedad|autonomo|autonoma|profesional|pyme|b2b|business|"
            "company|empresario|persona moral|moral|corporate|pj|sl|sa|compania"
        ),
        "public_body": (
            "administración|administracion publica|administraciones|publico|publica|ente publico|b2g|aapp|"
            "organismo publico|ayuntamiento|gobierno|government|public body|public|entidad publica|"
            "sector publico|estado"
        ),
    },
    "document_kind": {
        "invoice": (
            "factura|fra|fac|fact|f|ft|fv|invoice|inv|normal|ordinaria|completa|simplificada|"
            "factura simplificada|factura completa|factura ordinaria|factura de venta|factura venta|"
            "factura electronica|recibo|cuota|boleta|boleta de venta|ticket|tique|ingreso|i|sales invoice|"
            "cargo|factura normal|f1|f2|f3|01|33|39|mensualidad"
        ),
        "credit_note": (
            "rectificativa|factura rectificativa|abono|factura de abono|factura abono|nota de credito|"
            "nota credito|nc|n/c|credit note|credit memo|credit|creditnote|credit_note|egreso|e|r|"
            "devolucion|r1|r2|r3|r4|r5|07|61|cn|rect|fr"
        ),
        "debit_note": (
            "nota de débito|nota debito|nd|n/d|debit note|debit memo|nota de cargo|08|56|debit_note"
        ),
        "opening_balance": (
            "saldo inicial|apertura|saldo de apertura|opening balance|opening_balance|saldo anterior"
        ),
        "proforma": (
            "proforma|pro forma|pro-forma|factura proforma|prefactura|factura pro forma|pf|proforma invoice"
        ),
        "quote": "presupuesto|cotizacion|oferta|quote|quotation|estimate|ppto|estimacion",
        "order": "pedido|orden|order|sales order|orden de venta",
        "delivery_note": "albarán|remito|delivery note|guia|guia de remision|nota de entrega|remision",
        "cancelled": "anulada|cancelada|cancelled|canceled|void|anulado|borrador|draft",
    },
    "tax_kind": {
        "iva": "IVA|vat|i.v.a.|iva general|iva reducido|iva superreducido",
        "recargo": "recargo|recargo de equivalencia|re|r.e.|rec",
        "igic": "IGIC",
        "ipsi": "IPSI",
        "igv": "IGV",
        "itbis": "ITBIS",
        "isv": "ISV",
        "exempt": "exento|exenta|exempt|no sujeto|no sujeta|inafecto|exonerado|sin iva|excluido",
        "reverse_charge": (
            "inversión del sujeto pasivo|isp|reverse charge|intracomunitario|intracomunitaria"
        ),
    },
    "acceptance_state": {
        "accepted": (
            "aceptada|aceptado|conforme|conformada|conformado|accepted|approved|aprobada|aprobado|si|ok|"
            "contabilizada|registrada|x|s|yes|verdadero|true|1"
        ),
        "rejected": "rechazada|rechazado|no conforme|rejected|devuelta|disconforme",
        "pending": (
            "pendiente|pending|enviada|recibida|en tramite|no|sin respuesta|en revision|n|falso|false|0"
        ),
    },
    "payment_method": {
        "transfer": (
            "transferencia|transfer|bank transfer|wire|trf|transf|spei|pse|ingreso en cuenta|sepa|"
            "transferencia bancaria|deposito|ach|wire transfer|electronic"
        ),
        "direct_debit": (
            "domiciliación|recibo domiciliado|recibo|adeudo|direct debit|giro|remesa|domiciliado|debito|"
            "debito directo|debito automatico|sepa direct debit|domiciliacion bancaria|giro bancario"
        ),
        "card": (
            "tarjeta|card|tpv|credit card|tarjeta de credito|tarjeta de debito|pos|debit card|visa|mastercard"
        ),
        "cash": "efectivo|cash|contado|metalico|caja",
        "cheque": "cheque|check|talon|cheque bancario",
        "bizum": "bizum",
        "wallet": "yape|plin|nequi|daviplata|mercado pago|mercadopago|paypal|pix|billetera",
        "promissory_note": (
            "pagaré|letra|efecto|letra de cambio|promissory note|e-cheq|echeq|cheque diferido"
        ),
        "confirming": "confirming|factoring",
        "set_off": "compensación|set off|setoff|cruce",
    },
    "payment_kind": {
        "payment": (
            "cobro|pago|ingreso|payment|receipt|abono|cobro parcial|cobro total|pago parcial|p|c|"
            "transferencia|anticipo|a cuenta|entrega a cuenta|credit|haber|deposito|recaudo|"
            "customer payment"
        ),
        "return": (
            "devolución|recibo devuelto|devuelto|impagado|impago|return|returned|chargeback|contracargo|"
            "retrocesion|devolucion de recibo|returned debit|rechazo|d"
        ),
        "refund": (
            "reembolso|refund|devolucion al cliente|devolucion a cliente|reintegro|devolucion de dinero"
        ),
        "withholding": "retención|withholding|certificado de retencion|detraccion",
        "set_off": "compensación|set off|cruce|compensacion de saldos",
        "discount": "descuento|discount|pronto pago|descuento pronto pago|dpp",
    },
    "language": {
        "es": "español|es|castellano|spanish|esp|spa|cas",
        "en": "inglés|en|english|eng|ing",
        "ca": "catalán|ca|cat|valenciano|va",
        "eu": "euskera|eu|vasco|basque|eus",
        "gl": "gallego|gl|galego|galician|glg",
        "pt": "portugués|pt|portuguese|por",
        "fr": "francés|fr|french|fra",
        "de": "alemán|de|german|deu",
        "it": "italiano|it|italian|ita",
    },
    "form_of_address": {
        "usted": "usted|ud|ud.|formal|vd|vd.|u",
        "tu": "tú|tuteo|informal|t",
        "vos": "vos|voseo|v",
    },
    "flag": {
        "true": "sí|s|yes|y|true|verdadero|v|1|x|cierto|t",
        "false": "no|n|false|falso|0|f|-",
    },
}

# Documents that are not debt, whatever their amount, and what a sentence calls them.
NOT_DEBT = {
    "proforma": "una proforma",
    "quote": "un presupuesto",
    "order": "un pedido",
    "delivery_note": "un albarán",
    "cancelled": "un documento anulado o en borrador",
}

_CURRENCIES = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "dolar": "USD",
    "dolares": "USD",
    "us$": "USD",
    "dollars": "USD",
    "soles": "PEN",
    "sol": "PEN",
    "s/": "PEN",
    "s/.": "PEN",
    "£": "GBP",
    "libras": "GBP",
    "quetzales": "GTQ",
    "colones": "CRC",
    "lempiras": "HNL",
    "guaranies": "PYG",
    "reales": "BRL",
    "r$": "BRL",
    "mxp": "MXN",
}


def word_index(name: str) -> dict[str, str]:
    """Folded word → key of a closed list."""
    return {fold(word): key for key, words in _LISTS[name].items() for word in words.split("|")}


def examples(name: str) -> str:
    """The first word of each key, as a sentence shows it."""
    return ", ".join(words.split("|")[0] for words in _LISTS[name].values())


def currency_code(text: str) -> str:
    """The ISO code a word or sign stands for; anything else in capitals, to be checked."""
    return _CURRENCIES.get(fold(text)) or _CURRENCIES.get(text) or text.strip().upper()
