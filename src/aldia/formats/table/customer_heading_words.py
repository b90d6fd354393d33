"""The words people put over the columns of a customer table; see heading_words.py."""

CUSTOMERS = {
    "code": (
        "codigo cliente|cliente codigo|numero cliente|cliente numero|id cliente|cliente id|customer id|"
        "customer codigo|customer numero|account numero|codigo deudor|codigo tercero|codigo socio|"
        "numero socio|codigo abonado|numero abonado|codigo alumno|numero alumno|account id|id tercero|"
        "referencia cliente|customer referencia|cuenta cliente|debtor id|debtor numero|customer account"
    ),
    "name": (
        "nombre cliente|cliente nombre|razon social|nombre razon social|razon social nombre|"
        "denominacion social|nombre fiscal|customer name|company name|full name|nombre completo|"
        "nombre apellidos|apellidos nombre|nombre empresa|account name|debtor name|razon social cliente|"
        "nombre o razon social|business name|legal name|nombre tercero|cliente name"
    ),
    "tax_id": (
        "nif|cif|nif cif|cif nif|dni|nie|dni nie|nif nie|dni nif|cif dni|nif dni|ruc|rfc|nit|rut|cuit|cuil|"
        "cuit cuil|ruc dni|numero ruc|identificacion fiscal|id fiscal|numero identificacion fiscal|tax id|"
        "vat id|vat numero|tax numero|vat|cedula|cedula juridica|cedula nit|nit cedula|documento identidad|"
        "identificacion|rnc|rtn|rif|numero identificacion|identificador fiscal|tin|fiscal id|nif cliente|"
        "cif cliente|customer tax id|numero documento|numero fiscal|customer vat|rfc cliente|ruc cliente|"
        "rut cliente|cuit cliente|nit cliente"
    ),
    "kind": (
        "tipo cliente|cliente tipo|clase cliente|tipo persona|persona|customer type|customer kind|"
        "person kind|person type|naturaleza|naturaleza juridica|clase persona|kind"
    ),
    "email": (
        "email|e mail|mail|correo|correo electronico|email cliente|mail cliente|correo cliente|"
        "customer email|direccion correo|correo e|direccion email|email address|email facturacion|email 1|"
        "billing email|contact email"
    ),
    "phone": (
        "telefono|telefono cliente|movil|celular|telefono movil|phone|customer phone|phone numero|mobile|"
        "numero telefono|telefono contacto|whatsapp|telefono 1|mobile phone|numero celular"
    ),
    "language": "idioma|lengua|language|lang|idioma cliente|preferred language|codigo idioma|language codigo",
    "form_of_address": "tratamiento|trato|forma tratamiento|form address|formofaddress|tu usted|formalidad",
    "segment": "segmento|segment|customer segment|segmento cliente|sector|categoria cliente|tipologia",
    "tags": "etiquetas|etiqueta|tags|tag|marcas|labels",
    "country": "pais|country|country codigo|codigo pais|pais cliente|customer country|iso pais|pais codigo",
    "region": (
        "provincia|region|comunidad autonoma|state|province|estado provincia|provincia estado|comunidad|"
        "entidad federativa|county|state province"
    ),
    "city": "poblacion|ciudad|localidad|municipio|city|town|comuna|distrito|delegacion|alcaldia",
    "postal_code": "codigo postal|cp|postal codigo|zip|zip codigo|postcode|c p|codigopostal|postal",
    "address": (
        "direccion|domicilio|domicilio fiscal|direccion fiscal|address|street|calle|direccion postal|"
        "street address|direccion 1|address 1|direccion completa|billing address|address line 1"
    ),
    "owner": (
        "gestor|gestora|gestor cobro|responsable|agente|representante|owner|account manager|collector|"
        "ejecutivo|ejecutivo cuenta|asesor|gestor asignado|analista|cobrador|assigned to"
    ),
    "salesperson": (
        "comercial|comercial asignado|agente comercial|representante comercial|"
        "vendedor|vendedora|vendedor asignado|viajante|sales rep|sales representative|salesperson|"
        "sales person|seller|nombre vendedor"
    ),
    "salesperson_email": (
        "correo comercial|email comercial|mail comercial|correo vendedor|email vendedor|mail vendedor|"
        "salesperson email|sales rep email|seller email|correo electronico comercial"
    ),
    "contact_name": (
        "contacto|nombre contacto|persona contacto|contact|contact name|contact person|contacto nombre|"
        "atencion|att|interlocutor|persona contacto nombre"
    ),
    "contact_role": (
        "cargo|cargo contacto|puesto|rol|rol contacto|contact role|role|job title|funcion|puesto contacto|"
        "departamento contacto"
    ),
    "payer_code": (
        "codigo pagador|pagador|id pagador|numero pagador|payer codigo|payer id|payer|tutor|codigo tutor|"
        "cliente pagador|codigo familia|facturar a|bill to|codigo responsable pago|responsable pago|"
        "parent account"
    ),
    "birth_date": "fecha nacimiento|nacimiento|birth date|date birth|birthday|birthdate|dob|nacido|fecha nac",
    "group": (
        "grupo|grupo empresarial|grupo cliente|group|customer group|familia|holding|corporate group|"
        "grupo empresas"
    ),
    "agreed_rate": (
        "interes pactado|tipo interes pactado|interes contractual|tasa pactada|tasa interes|tipo interes|"
        "interes demora|interes demora pactado|agreed rate|contract rate|interest rate|interes moratorio|"
        "interes|porcentaje interes|tasa moratoria|tasa mora|tipo interes demora|contract interest rate|"
        "porcentaje interes demora"
    ),
    "insolvent_on": (
        "fecha concurso|concurso|concurso acreedores|fecha concurso acreedores|en concurso desde|"
        "fecha insolvencia|insolvencia|insolvent on|insolvency date|bankruptcy date"
    ),
    "hold_until": (
        "pausa hasta|en pausa hasta|no reclamar hasta|suspendido hasta|bloqueado hasta|bloqueo hasta|"
        "no contactar hasta|hold until|on hold until|dunning hold until|paused until"
    ),
}
