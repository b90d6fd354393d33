"""The words people put over their columns, in Spain, Latin America and English.

Each entry stands for every way of writing it («Nº Fra.», «num_factura», «NumeroFactura»): see synonyms.py.
These words name one field; those that may stand for several are in weak_heading_words.py.
"""

from aldia.formats.table.customer_heading_words import CUSTOMERS
from aldia.formats.table.fields import TableKind

_CUSTOMER = {
    "customer_code": (
        "codigo cliente|cliente codigo|numero cliente|cliente numero|id cliente|cliente id|customer id|"
        "customer codigo|customer numero|account numero|customer account|cuenta cliente|codigo deudor|"
        "id deudor|codigo tercero|codigo socio|numero socio|codigo abonado|numero abonado|codigo alumno|"
        "numero alumno|codigo pagador|id tercero|customer referencia|referencia cliente|debtor id|"
        "debtor numero|client ref|account id|customer key|cliente referencia|numero cuenta cliente"
    ),
    "customer_name": (
        "nombre cliente|cliente nombre|razon social|razon social cliente|nombre razon social|"
        "razon social nombre|denominacion social|nombre fiscal|nombre comercial|customer name|cliente name|"
        "company name|debtor name|nombre deudor|nombre empresa|nombre o razon social|account name|"
        "nombre apellidos|apellidos nombre|nombre completo|razon social receptor|nombre receptor|"
        "nombre tercero|denominacion receptor|apellidos nombre razon social"
    ),
    "customer_tax_id": (
        "nif|cif|nif cif|cif nif|dni|nie|dni nie|nif nie|dni nif|cif dni|nif dni|nif cliente|cif cliente|"
        "nif cif cliente|cif nif cliente|dni cliente|ruc|ruc cliente|rfc|rfc receptor|rfc cliente|nit|"
        "nit cliente|rut|rut cliente|rut receptor|cuit|cuit cliente|cuit cuil|cuil|ruc dni|numero ruc|"
        "identificacion fiscal|id fiscal|numero identificacion fiscal|numero fiscal cliente|tax id|vat id|"
        "vat numero|tax numero|customer tax id|customer vat|cedula|cedula juridica|cedula nit|nit cedula|"
        "documento identidad|identificacion|rnc|rtn|rif|numero identificacion|nif receptor|"
        "identificador fiscal|tin|fiscal id|numero documento receptor|cedula ruc"
    ),
    "currency": (
        "moneda|divisa|codigo moneda|codigo divisa|currency|currency codigo|tipo moneda|moneda codigo|"
        "moneda factura|divisa factura|iso moneda|invoice currency"
    ),
}

_INVOICES = _CUSTOMER | {
    "number": (
        "numero factura|codigo factura|factura numero|serie numero|serie numero factura|numero documento|"
        "documento numero|numero comprobante|folio|folio fiscal|folio factura|invoice numero|invoice id|"
        "invoice codigo|invoice referencia|id factura|bill numero|document numero|numero recibo|"
        "recibo numero|numero boleta|numero cfe|numero cpe|numero dte|serie folio|numero completo|"
        "numero interno factura|referencia factura|numero fiscal|numero cuota|consecutivo|numero legal|"
        "factura serie numero|numero doc venta"
    ),
    "customer_email": (
        "email|e mail|mail|correo|correo electronico|email cliente|mail cliente|correo cliente|"
        "customer email|direccion correo|correo e|direccion email|email address|email facturacion|"
        "billing email"
    ),
    "customer_phone": (
        "telefono|telefono cliente|movil|celular|telefono movil|phone|customer phone|phone numero|mobile|"
        "numero telefono|telefono contacto|whatsapp|telefono 1"
    ),
    "customer_kind": (
        "tipo cliente|cliente tipo|clase cliente|customer type|customer kind|tipo persona|person type"
    ),
    "issue_date": (
        "fecha factura|factura fecha|fecha emision|fecha expedicion|fecha documento|fecha comprobante|"
        "fecha fact|invoice date|issue date|issued|issued date|date issued|bill date|document date|"
        "date invoice|emision|emitida|fecha timbrado|fecha boleta|fecha facturacion|fecha recibo|issued on|"
        "invoiced on|fecha doc|fecha cfdi|fecha contable factura|billing date"
    ),
    "due_date": (
        "fecha vencimiento|vencimiento|vencimiento fecha|due date|due|due on|date due|fecha limite|"
        "fecha limite pago|fecha pago prevista|pagar antes|fecha vencimiento pago|payment due|"
        "payment due date|maturity date|maturity|fecha vencimiento factura|vencimiento factura|expiry date|"
        "net due date|fecha maxima pago|vencimiento documento|primer vencimiento"
    ),
    "amount": (
        "importe total|total importe|total factura|importe factura|total iva incluido|total con iva|"
        "importe bruto|total bruto|importe con iva|importe iva incluido|total documento|"
        "importe total factura|total a pagar|total pagar|importe total iva incluido|invoice amount|"
        "amount invoice|total amount|amount total|gross amount|gross total|grand total|invoice total|"
        "total invoice|total gross|total due|importe vencimiento|importe recibo|importe cuota|"
        "importe documento|total comprobante|importe comprobante|importe original|original amount|"
        "total general|gross|total con impuestos|importe con impuestos|amount gross|total igv incluido|"
        "bill amount|total cfdi|total con igv|importe neto pagar|importe iva inc|total iva inc"
    ),
    "net_amount": (
        "base imponible|base|importe neto|neto|subtotal|sub total|total neto|importe sin iva|net amount|"
        "net|amount net|base iva|importe base|total sin iva|base imponible total|tax base|taxable amount|"
        "taxable base|importe antes impuestos|neto gravado|importe gravado|op gravada|valor venta|"
        "importe venta|operacion gravada|suma bases|total base|total base imponible|importe sin impuestos|"
        "net total|amount excl vat|bases"
    ),
    "tax_amount": (
        "iva|cuota iva|importe iva|iva importe|total iva|igv|importe igv|igic|importe igic|ipsi|"
        "cuota impuesto|cuota tributaria|impuesto|impuestos|total impuestos|importe impuesto|"
        "importe impuestos|tax|tax amount|vat amount|amount tax|total tax|sales tax|cuota igic|"
        "iva repercutido|itbis|isv|total igv|iva trasladado|cuota repercutida|importe cuota iva|vat total|"
        "taxes"
    ),
    "tax_kind": "tipo impuesto|clase impuesto|tax kind|tax type|impuesto tipo|regimen iva|regimen fiscal iva",
    "tax_rate": (
        "porcentaje iva|tipo iva|iva porcentaje|porcentaje impuesto|porcentaje igv|porcentaje igic|"
        "tipo igic|tax rate|vat rate|tasa iva|tasa impuesto|tasa|alicuota|alicuota iva|porcentaje tax|"
        "porcentaje vat|tipo impositivo|tipo gravamen|tax porcentaje|vat porcentaje|tasa igv"
    ),
    "retention_amount": (
        "retencion|importe retencion|irpf|importe irpf|cuota irpf|retenciones|total retencion|"
        "total retenciones|cuota retencion|retencion irpf|withholding|withholding amount|withholding tax|"
        "retention|retention amount|detraccion|importe detraccion|isr retenido|iva retenido|"
        "retencion fuente|retefuente|retencion isr|retained amount"
    ),
    "kind": (
        "tipo documento|clase documento|tipo factura|clase factura|tipo comprobante|document type|"
        "invoice type|document kind|doc type|tipo dte|documento tipo|transaction type|tipo cfdi|"
        "invoice kind|efecto comprobante"
    ),
    "paid_date": (
        "fecha cobro|fecha pago|cobrada fecha|fecha cobrado|fecha pagado|settled date|settled|settled on|"
        "settlement date|paid date|payment date|date paid|paid on|paid at|fecha liquidacion|"
        "fecha cancelacion|fecha ultimo cobro|clear date|clearing date|cleared date|date settled|"
        "fecha cobro real|fecha pago real|fecha abono cuenta|fecha ultimo pago"
    ),
    "paid_amount": (
        "importe cobrado|cobrado|importe pagado|pagado|total cobrado|total pagado|paid amount|amount paid|"
        "paid|settled amount|importe abonado|cobros|pagos|importe liquidado|received amount|"
        "amount received|payments received|total paid|importe cobros"
    ),
    "open_amount": (
        "pendiente|saldo pendiente|importe pendiente|pendiente cobro|pendiente pago|saldo|saldo vivo|"
        "saldo deudor|deuda|importe adeudado|open amount|outstanding|outstanding amount|balance|"
        "balance due|amount due|open balance|amount open|remaining|remaining amount|saldo insoluto|"
        "saldo actual|saldo factura|por cobrar|importe por cobrar|deuda pendiente|total pendiente|"
        "importe pendiente cobro|outstanding balance|adeudo|saldo por cobrar|saldo documento|unpaid amount|"
        "amount outstanding|importe deuda"
    ),
    "disputed": (
        "disputada|disputado|en disputa|disputa|disputed|in dispute|dispute|is disputed|incidencia|"
        "con incidencia|reclamada cliente|disconformidad|litigio|en litigio|aclaracion|en aclaracion"
    ),
    "description": (
        "descripcion|concepto|concepto factura|descripcion factura|description|detalle|memo|observaciones|"
        "glosa|notas|comentario|comentarios|invoice description|narrative|texto|concepto facturado"
    ),
    "beneficiary": (
        "beneficiario|alumno|alumna|nombre alumno|estudiante|beneficiary|student|student name|pupil|"
        "punto suministro|cups|linea|sede|centro|obra|hijo|nombre beneficiario|alumno nombre"
    ),
    "order_reference": (
        "pedido|numero pedido|referencia pedido|su pedido|orden compra|numero orden compra|purchase order|"
        "po|po numero|order|order numero|order referencia|numero orden|oc|order id|pedido cliente|"
        "expediente contratacion|numero albaran|albaran|su referencia"
    ),
    "country": "pais|country|country codigo|codigo pais|pais cliente|customer country|pais codigo|iso pais",
    "segment": (
        "segmento|segment|customer segment|segmento cliente|sector|categoria cliente|grupo cliente|"
        "customer group|tipologia"
    ),
    "acceptance_state": (
        "conformidad|estado conformidad|aceptacion|estado aceptacion|acceptance|acceptance state|"
        "acceptance status|aceptada|conformada|estado face|estado aceptacion cliente|estado contrarrecibo"
    ),
    "acceptance_number": (
        "numero conformidad|numero aceptacion|contrarrecibo|numero contrarrecibo|acceptance numero|"
        "numero registro|numero registro face|registro face|numero rcf|hoja entrada|migo|numero recepcion"
    ),
    "covered_until": (
        "pagare hasta|remesa hasta|efecto hasta|vencimiento pagare|vencimiento efecto|vencimiento remesa|"
        "fecha pagare|fecha vencimiento pagare|cubierta hasta|confirming hasta|vencimiento confirming|"
        "vencimiento letra|covered until|promissory note until|promissory note due date"
    ),
    "rectifies": (
        "factura rectificada|factura que rectifica|rectifica|rectifica a|numero factura rectificada|"
        "factura origen|documento origen|factura original|abono de|corrige a|comprobante origen|"
        "documento modificado|comprobante afectado|documento afectado|corrects|credited invoice|"
        "original invoice|invoice corrected|applies to invoice"
    ),
    "copy_url": (
        "enlace|enlace factura|enlace documento|enlace copia|enlace pdf|enlace descarga|url|url factura|"
        "url documento|url copia|url pdf|url descarga|link|link factura|link pdf|pdf url|pdf link|"
        "invoice url|invoice link|invoice pdf url|hosted invoice url|copy url|download url|download link"
    ),
}

_PAYMENTS = _CUSTOMER | {
    "reference": (
        "referencia|referencia cobro|referencia pago|referencia bancaria|referencia banco|"
        "numero referencia|referencia operacion|numero operacion|id pago|id cobro|numero cobro|numero pago|"
        "numero recibo|payment id|payment referencia|payment numero|transaction id|transaction referencia|"
        "id transaccion|numero transaccion|bank referencia|receipt numero|end to end id|endtoendid|"
        "codigo operacion|numero movimiento|id operacion|clave rastreo|folio pago|referencia 1|"
        "id movimiento|apunte|numero apunte|entry referencia|receipt id"
    ),
    "payer_name": (
        "ordenante|nombre ordenante|pagador|nombre pagador|payer|payer name|remitente|paid by|"
        "ordenante nombre|partner name|partner|librador|depositante|titular|sender|sender name|"
        "contrapartida"
    ),
    "value_date": (
        "fecha valor|fecha cobro|fecha pago|fecha ingreso|fecha abono|payment date|paid date|date paid|"
        "paid on|value date|fecha transferencia|fecha deposito|received date|date received|received on|"
        "receipt date|settled date|fecha recibo|fecha recaudo|fecha acreditacion"
    ),
    "amount": (
        "importe cobrado|importe cobro|importe pagado|importe pago|cobrado|pagado|importe ingreso|"
        "importe abono|amount paid|paid amount|payment amount|amount received|received amount|"
        "importe operacion|importe movimiento|total cobrado|total pagado|importe recibido|"
        "importe transferencia|importe deposito|ingreso|haber|abono|importe aplicado|amount applied|"
        "importe recaudado|credit"
    ),
    "invoice_number": (
        "numero factura|factura numero|factura|codigo factura|invoice|invoice numero|invoice id|id factura|"
        "numero documento|documento|factura pagada|factura cobrada|factura aplicada|bill numero|folio|"
        "folio factura|numero comprobante|comprobante|documento aplicado|documento numero|"
        "invoice referencia|referencia factura|folio fiscal|documento relacionado|numero boleta"
    ),
    "method": (
        "forma pago|forma cobro|metodo pago|medio pago|medio cobro|modo pago|via pago|payment method|"
        "method|payment type|tipo pago|instrumento|via cobro|metodo cobro|canal pago|pay method|metodo"
    ),
    "kind": (
        "tipo cobro|tipo movimiento|clase movimiento|tipo operacion|payment kind|movement type|"
        "transaction type|tipo apunte|clase cobro|entry type|kind"
    ),
    "description": (
        "descripcion|concepto|concepto pago|observaciones|detalle|description|memo|glosa|notas|label|"
        "remittance information|texto|concepto movimiento|informacion remesa|narrative|comentario|"
        "mas datos|concepto bancario|mensaje"
    ),
}

STRONG: dict[TableKind, dict[str, str]] = {
    "invoices": _INVOICES,
    "payments": _PAYMENTS,
    "customers": CUSTOMERS,
}
