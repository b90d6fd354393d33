"""What tells one kind of answer from another: expressions over lower case without accents.

Spanish of Spain and America, and English. Written `plain`; those under `ACCENTED` are looked for in the text
with its accents, because without them «pagué» is «pague».
"""

import re
from collections.abc import Mapping
from typing import Final

from aldia.rules.inbound.values import InboundKind as Kind

_PAID = r"(?:pagad|abonad|transferid|ingresad|liquidad|saldad|depositad|cancelad|consignad)[oa]s?"
_ACT = r"(?:pago|transferencia|ingreso|deposito|abono|bizum|consignacion|giro|transfer|payment|wire)"
_TO_PAY = (
    r"(?:pagar|abonar|transferir|ingresar|liquidar|saldar|depositar|cancelar|consignar)(?:l[aeo]s?"
    r"|selo|sela)?"
)
_PROOF = r"(?:justificante|comprobante|resguardo|recibo|soporte|voucher|constancia|pantallazo|captura)"
_NOW_PAY = (
    r"(?:pago|pagamos|abono|abonamos|transfiero|transferimos|ingreso|ingresamos|deposito"
    r"|depositamos|cancelo|cancelamos|consigno|giro)"
)
_WEEKDAY = r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
_WHEN = (
    rf"(?:el (?:dia )?(?:\d|{_WEEKDAY}|proximo|mes)|este {_WEEKDAY}|hoy|manana|pasado manana"
    rf"|esta (?:semana|tarde)|la (?:proxima )?semana|a (?:fin|final|finales|primeros|principios)"
    rf"|(?:en|dentro de) (?:cuanto|unos|\d|una|dos|tres)|cuando|sin falta|el proximo)"
)
_ME = r"(?:te|le|les|os|se|lo|la|los|las|selo|me) "
_FUTURE = (
    r"(?:pagare|abonare|transferire|ingresare|liquidare|saldare|depositare|cancelare|consignare"
    r"|girare)(?:mos)?"
)
_PRETERITE = r"(?:pague|abone|transferi|ingrese|deposite|cancele|consigne|gire|realice|efectue)"
_PAST_WORDS = (
    rf"(?:ayer|anteayer|antier|anoche|hace|el pasado|la semana pasada|el mes pasado"
    rf"|el {_WEEKDAY} pasado|con fecha)"
)
_THIS_WAY = (
    r"(?:por aqui|por este (?:medio|canal|numero|correo|telefono)|por (?:whatsapp|sms|correo|email"
    r"|mail|mensaje|telefono)|a este (?:numero|correo|telefono|email|movil|celular|whatsapp)"
    r"|(?:mas )?(?:sms|whatsapps?|correos?|emails?|mails?|mensajes?|comunicaciones|avisos"
    r"|publicidad))"
)

PATTERNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.WRONG_PERSON: (
        r"\b(?:se ha|se han|os habeis|te has|se) equivocad[oa]s? (?:de |con el )?(?:persona"
        r"|numero|correo|telefono|destinatario|direccion|email)?",
        r"\b(?:se ha|se han|os habeis|te has) confundido (?:de |con )",
        r"\bno soy (?:esa|la) persona\b|\bno soy (?:yo )?(?:el|la|su|ese|esa) (?:cliente"
        r"|titular|deudor|destinatari[oa]|senora?|responsable)\b",
        r"\bno (?:les |os |le )?conozco (?:a )?(?:esa|ninguna?|ningun|esta|ese|dicha|la|su"
        r"|a) (?:persona|empresa|senora?|cliente|tal|ninguna?)",
        r"\b(?:esta|esa|dicha) (?:persona|empresa|senora) (?:ya )?no (?:trabaja|vive|esta"
        r"|reside|existe|es)",
        r"\bya no (?:trabajo|trabaja|vive|vivo|reside|pertenezco|pertenece|formo parte)\b",
        r"\b(?:numero|telefono|correo|email|mail|direccion|destinatario|persona) (?:equivocad"
        r"|erroneo|erronea|incorrect)",
        r"\b(?:este|ese) (?:numero|correo|telefono|movil|celular|email) (?:ya )?no (?:es"
        r"|pertenece|corresponde)",
        r"\bno (?:he|hemos) (?:tenido (?:nunca )?|sido )(?:ninguna? |nunca )?(?:relacion"
        r"|cliente|client[ea]s)\b|\bnunca (?:he|hemos) sido client",
        r"\bno soy (?!de acuerdo|capaz|el unico|quien para)(?:yo|don|dona|el senor|la senora)\b",
        r"\bwrong (?:person|number|address|email|recipient)\b|\bno longer works? (?:here"
        r"|with)\b|\bnot the right person\b|\bi am not (?:that|this|the) (?:person|customer"
        r"|client)\b|\bdon't know (?:this|that|any such) (?:person|company)\b",
    ),
    Kind.OPT_OUT: (
        rf"\bno (?:quiero|queremos|deseo|deseamos) (?:que (?:me|nos) (?:escriban?|escribais"
        rf"|envien?|enviais|manden?|contacten?|llamen?|molesten?)|recibir|mas)(?: (?:mas|ningun"
        rf"|ninguna|otros|sus|estos|este tipo de))*(?: {_THIS_WAY})?",
        rf"\bno (?:me|nos) (?:escriban?|escribais|escribas|envien?|envieis|envies|manden?"
        rf"|mandeis|mandes|contacten?|contacteis|contactes|molesten?|molesteis|molestes)(?: mas"
        rf"| nada| ningun| otro| nunca)*(?: {_THIS_WAY})?",
        r"\b(?:dej(?:en|a|e|ad|enme|ame|eme|adme)|paren?|cesen?)(?: ya)? de (?:escribir|enviar"
        r"|mandar|contactar|molestar)(?:me|nos|le)?",
        r"\b(?:dar(?:me|nos)?|den(?:me|nos)|dame|deme|dadme|dennos|causar) (?:de )?baja (?:de"
        r"|en) (?:la lista|las? (?:lista|comunicaciones|notificaciones)|est[aeo]s? (?:lista"
        r"|mensajes|correos?|avisos|sms|whatsapps?|envios|comunicaciones|notificaciones"
        r"|servicio de (?:mensajes|avisos))|sus (?:listas?|mensajes|correos?|avisos|envios"
        r"|comunicaciones)|los (?:mensajes|correos|avisos|envios|sms))",
        r"\b(?:quiten(?:me)?|borren(?:me)?|eliminen(?:me)?|saquen(?:me)?"
        r"|retiren(?:me)?)(?: (?:mi|este|el))? ?(?:numero|correo|email|telefono|celular|movil"
        r"|contacto)?(?: de)? (?:su|sus|la|las|esta|estas) (?:lista|listas|base|bases|agenda)",
        r"\bno autorizo (?:el uso de|a que|que) (?:mi (?:numero|correo|telefono|whatsapp"
        r"|celular)|me (?:escriban|contacten|envien))",
        r"\bunsubscribe(?: me)?\b|\b(?:stop|quit) (?:writing|emailing|texting|messaging"
        r"|contacting|sending)\b|\bdo not (?:contact|email|text|write(?: to)?) me\b"
        r"|\bdon't (?:contact|email|text|write(?: to)?) me\b|\b(?:remove|take) me (?:from"
        r"|off) (?:your|this|the) list\b",
        r"\bopt[ -]?out\b",
    ),
    Kind.PAID: (
        r"^\W*(?:ya )?(?:pagad[oa]s?|abonad[oa]s?|paid|done|hecho)(?: (?:ya|hoy|ayer|el lunes"
        r"|el martes|all|today|yesterday))?\W*$",
        rf"\b{_ACT} se (?:realizo|hizo|efectuo|envio|ordeno|emitio)\b|\bse (?:ha "
        rf"|han )?(?:realizo|hizo|efectuo|envio|ordeno|realizado|hecho|efectuado|enviado"
        rf"|ordenado)(?: ya)? (?:el|la|una|un|orden de) {_ACT}",
        rf"\b(?:he|hemos|ha|han|habiamos|habia|fue|fueron|esta|estan|quedo|quedaron|queda"
        rf"|quedan)(?: (?:ya|sido|todo|totalmente|completamente))*(?: \w+)? {_PAID}\b",
        rf"\b(?:ya|factura|recibo|cuota|deuda|importe|todo) (?:(?:esta|estan|quedo|fue) )?{_PAID}\b",
        rf"\b(?:he|hemos|ha|han) (?:ya )?(?:hecho|realizado|efectuado|ordenado|enviado|mandado"
        rf"|emitido)(?: ya)? (?:el|la|un|una|los|su|dicho|dicha|este|esa|ese) {_ACT}",
        rf"\b(?:hice|hicimos|hizo|hicieron|realice|realizamos|efectue|efectuamos)(?: ya)? (?:el"
        rf"|la|un|una|los|las|su|dicho|dicha) {_ACT}",
        rf"\bya (?:lo |la |los |las |te |le |les |se |os )*(?:{_PRETERITE}|pagamos|abonamos"
        rf"|transferimos|ingresamos|depositamos|cancelamos|pago mi|pagaron|pagaste)\b",
        rf"\b(?:{_PRETERITE}|pagamos|abonamos|transferimos|ingresamos|depositamos|cancelamos"
        rf"|consignamos)\b.{{0,40}}\b{_PAST_WORDS}\b",
        rf"\b{_PAST_WORDS}\b.{{0,30}}\b(?:{_PRETERITE}|pagamos|abonamos|transferimos|ingresamos"
        rf"|depositamos)\b",
        rf"\b{_ACT} (?:(?:ya|fue|esta|ha sido|quedo) )*(?:realizad|hech|efectuad|enviad|ordenad"
        rf"|emitid)[oa]",
        rf"\b(?:adjunto|adjuntamos|anexo|anexamos|envio|enviamos|remito|mando|te paso|le paso"
        rf"|aqui (?:tiene[ns]?|esta|va)|ahi va)(?: (?:te|le|les|el|la|un|copia del?|foto del?"
        rf"|mi|nuestro))* {_PROOF}",
        rf"\b{_PROOF} (?:de|del) (?:el )?{_ACT} (?:adjunto|anexo|en adjunto)",
        r"\bno (?:les |os |le |te )?debo (?:ya )?nada.{0,30}\b(?:pague|pagu|pagad)"
        r"|\bestoy al dia\b|\bestamos al (?:dia|corriente)\b|\bestoy al corriente\b",
        r"\b(?:i|we)(?:'ve| have)? (?:already |just )?(?:paid|settled|transferred"
        r"|made the (?:payment|transfer))\b|\b(?:payment|transfer|invoice|bill) (?:has been"
        r"|was|is) (?:already )?(?:made|sent|paid|done|settled)\b|\balready paid\b"
        r"|\battached (?:is )?(?:the )?(?:proof|receipt|confirmation)\b",
    ),
    Kind.DISPUTE: (
        r"\bno (?:estoy|estamos|estan|estaba|estabamos) (?:\w+ )?(?:conformes?|de acuerdo)\b",
        r"\b(?:en )?desacuerdo\b|\bdisconform(?:e|es|idad)\b|\binconform(?:e|es|idad)\b",
        r"\b(?:factura|importe|cargo|recibo|monto|precio|cobro|cantidad|iva|total|suma"
        r"|cuota)s? (?:que (?:me|nos) (?:reclaman?|cobran?) )?(?:no (?:es|son|esta"
        r"|estan) (?:correct|bien)|(?:es|son|esta|estan|viene|vienen) (?:mal|incorrect"
        r"|equivocad|erroneo|erronea|duplicad|inflad)|incorrect|erroneo|erronea|equivocad"
        r"|duplicad|indebid)",
        r"\b(?:me|nos) (?:estan|estais|han|habeis|siguen) (?:cobrando|cobrado|facturando"
        r"|facturado|reclamando) (?:de mas|dos veces|doble|algo que|un servicio que|mal"
        r"|lo que no|cosas)",
        r"\bhay (?:un|algun) error\b|\b(?:es|debe (?:de )?(?:ser|haber)) un error\b|\bestan equivocados\b",
        r"\bno (?:les |os |le |te )?deb(?:o|emos) (?:nada|eso|esa|ese|ninguna?|tanto|esta|este|lo que)",
        r"\bno (?:hemos|he|nos|me) (?:recibido|llegado|han (?:entregado|prestado|servido)"
        r"|recibimos|llego|habeis entregado) (?:el|la|los|las|ningun|ninguna|todo"
        r"|toda)? ?(?:material|mercancia|pedido|producto|productos|servicio|generos?"
        r"|articulos?|clases?|obra|equipo|mercaderia)",
        r"\b(?:material|mercancia|pedido|producto|servicio|genero|equipo"
        r"|mercaderia)s? (?:llego|vino|esta|estaba|salio|era|venia|llegaron|fue|nunca"
        r"|no) (?:\w+ )?(?:defectuos|rot|mal|danad|incomplet|averiad|llego|se (?:entrego"
        r"|presto)|malo|mala)",
        r"\bno (?:reconozco|reconocemos|acepto|aceptamos) (?:esa|esta|la|el|ese|este|dicha"
        r"|dicho|ninguna?) (?:deuda|factura|cargo|importe|cobro|monto|reclamacion)",
        r"\b(?:impugn|objet)(?:o|amos|ar|aremos) (?:la|el|esta|este|dich)|\breclamo (?:la|el"
        r"|esta|este|que|porque|por) ",
        r"\bno (?:corresponde|procede|coincide)\b|\bno me (?:corresponde|toca) pagar\b"
        r"|\bya (?:lo |la )?(?:devolvi|devolvimos|anularon|cancele el (?:pedido|servicio"
        r"|contrato))\b|\bdevolvi (?:el|la|los)\b",
        r"\b(?:falta|faltan|pendiente de) (?:el |la |un |una |emitir |recibir )*(?:abono"
        r"|rectificativa|nota de credito)\b",
        r"\b(?:we|i) (?:dispute|disagree|contest|reject)\b|\b(?:invoice|amount|charge|bill"
        r"|price)s? (?:is|are|seems?|was) (?:wrong|incorrect|not (?:correct|right))\b"
        r"|\bnot? agree(?:d)? with\b|\b(?:don't|do not) (?:agree|owe)\b"
        r"|\bnever received the (?:goods|order|material|service|product)|\b(?:goods|order"
        r"|product)s? (?:was|were|arrived) (?:damaged|broken|faulty)",
    ),
    Kind.REFUSES: (
        rf"\bno (?:pienso|vamos a|voy a|pensamos|quiero|tengo intencion de"
        rf"|tengo por que)(?: \w+)? ?{_TO_PAY}\b(?!.{{0,20}}\b(?:hasta|antes|todo|de golpe"
        rf"|de una vez|tan|mas intereses))",
        rf"\bno (?:les |os |le |te |lo |la )*{_FUTURE}\b(?!.{{0,20}}\b(?:hasta|antes))",
        r"\b(?:me|nos) (?:niego|negamos) a pagar\b|\b(?:i|we) (?:refuse|won't"
        r"|will not) (?:to )?pay\b|\bnot going to pay\b",
    ),
    Kind.PROMISE: (
        rf"\b{_WHEN}\w*(?: \w+)?,? (?:sale|saldra|salen|va|entra|hacemos|queda) (?:el|la|su|tu"
        rf"|vuestro) {_ACT}",
        rf"\b(?:sale|saldra) (?:el|la|su|tu) {_ACT} {_WHEN}",
        rf"\bconfirm(?:o|amos) (?:el )?{_ACT} para ",
        rf"\b(?:{_ME})*{_FUTURE}\b",
        rf"\b(?:hare|haremos|realizare|realizaremos|efectuare|efectuaremos|ordenare|ordenaremos"
        rf"|enviare|enviaremos)(?: \w+)? (?:el|la|un|una|su|los|dicho|dicha) {_ACT}",
        rf"\b(?:voy|vamos|va|van|iba|ibamos) a {_TO_PAY}\b|\b(?:voy|vamos) a (?:hacer|realizar"
        rf"|efectuar|mandar|enviar)(?:l[aeo]s?|os)? (?:el|la|un|una|los) {_ACT}",
        rf"\b(?:{_ME})*(?:{_NOW_PAY}|hago (?:el|la|un|una) {_ACT}|hacemos (?:el|la|un"
        rf"|una) {_ACT})(?: (?:todo|toda|la factura|el importe|la deuda|el resto|lo que debo"
        rf"|el total|sin falta|la cuota|el recibo|eso|esto|la mitad|una parte))* {_WHEN}",
        rf"\b{_WHEN}\w*(?:,? (?:de \w+|dias|sin falta|mismo|por la manana|por la tarde"
        rf"|que viene|proximo|\d+))*,? (?:yo )?(?:{_ME})*(?:{_NOW_PAY}|hago (?:el|la|un"
        rf"|una) {_ACT}|hacemos (?:el|la|un|una) {_ACT})\b",
        rf"\b(?:{_ME}){{1,2}}{_NOW_PAY}\b",
        rf"\b(?:el |la |los |su |mi )?(?:{_ACT}|resto|importe|factura|deuda|dinero"
        rf"|cuota)s? (?:lo |la |los )?(?:se (?:hara|realizara|efectuara|abonara|pagara"
        rf"|transferira|emitira)|saldra|quedara|estara|sera) ",
        rf"\bse (?:pagara|abonara|transferira|ingresara|depositara|cancelara|liquidara"
        rf"|hara (?:el|la) {_ACT})\b",
        rf"\b{_ACT}(?: (?:ya|esta|queda|quedo|se encuentra|sigue))* (?:programad|previst"
        rf"|agendad|ordenad)[oa]s? (?:para|el)|\btien(?:e|en) (?:el pago|previsto|prevista)",
        r"\b(?:tendran?|tendreis|tendras|recibiran?|recibireis|recibiras|tiene|tienen) (?:el"
        r"|su|la|vuestro|tu) (?:pago|dinero|transferencia|importe|ingreso)\b",
        r"\b(?:prometo|me comprometo|nos comprometemos|le aseguro|les aseguro|doy mi palabra)\b",
        r"\b(?:puedo|podria|podremos|podemos|podre) (?:pagar|abonar|hacer(?:lo| el pago)?"
        r"|ingresar|transferir)(?:l[aeo]s?|selo)? (?:el|este|a|manana|la)\b(?! plazos)",
        r"\b(?:i|we)(?:'ll| will| shall|'m going to|'re going to| am going to| are going to"
        r"| plan to) (?:be )?(?:pay|paying|settle|transfer|send|make)\b|\bpayment (?:will be"
        r"|is scheduled|is due to be|goes out)\b|\bwill be paid\b|\byou(?:'ll| will) (?:have"
        r"|receive|get) (?:the|your) (?:payment|money)\b|\b(?:i|we) promise\b",
    ),
    Kind.INSTALMENTS: (
        r"\b(?:a|en|por) (?:\w+ )?(?:plazos|cuotas|partes|abonos|mensualidades|pagos mensuales"
        r"|pagos parciales)\b",
        r"\b(?:fraccionar|aplazar|financiar|refinanciar|fraccionamiento|prorratear|diferir"
        r"|fraccionad[oa]|aplazamiento|prorroga)\w*",
        r"\bplan de pagos?\b|\bacuerdo de pago\b|\bconvenio de pago\b"
        r"|\bfacilidades(?: de pago)?\b|\bcalendario de pagos?\b",
        r"\b(?:pagar|abonar|ir pagando|dar) (?:\w+ ){0,4}(?:al mes|mensuales|cada mes|por mes"
        r"|a la semana|cada semana|la mitad ahora|poco a poco)\b",
        r"\b(?:mas|un poco de|algo de|darme|darnos|me dan|deme|denme|necesito"
        r"|necesitamos) (?:mas )?(?:tiempo|plazo)(?: para pagar)?\b|\bunos dias mas\b",
        r"\b(?:instal?ments?|payment plan|pay in (?:parts|\w+ (?:payments|instal?ments))"
        r"|more time|extension|spread the (?:payment|cost))\b",
    ),
    Kind.HARDSHIP: (
        r"\b(?:estoy|estamos|me he quedado|quede|sigo|me quede) (?:\w+ )?(?:en (?:el )?paro"
        r"|sin trabajo|sin empleo|desempleod?|desemplead[oa]|en erte|de baja|enferm[oa]"
        r"|hospitalizad[oa]|sin ingresos|arruinad[oa]|en quiebra)",
        rf"\bno (?:puedo|podemos|podre|podremos)(?: \w+){{0,2}} {_TO_PAY}\b|\bno (?:puedo"
        rf"|podemos) (?:hacer frente|asumir|con (?:eso|ese|tanto)|mas)\b",
        r"\bno (?:tengo|tenemos|hay|dispongo de|disponemos de)(?: \w+){0,2}? (?:dinero|plata"
        r"|liquidez|fondos|tesoreria|recursos|saldo|ni para|con que|lana|para (?:pagar|tanto"
        r"|esto|eso))\b",
        r"\bno (?:me |nos )(?:alcanza|llega)\b|\bno lleg(?:o|amos) a fin de mes\b",
        r"\b(?:pasando|atravesando|atravieso|pasamos|paso|vivimos|estamos en"
        r"|situacion) (?:por )?(?:\w+ ){0,3}(?:mala racha|dificultades|dificil|delicad[oa]"
        r"|complicad[oa]|apuros|crisis|mal momento|economica)",
        r"\b(?:problemas|dificultades) (?:economic[oa]s|de (?:liquidez|tesoreria|dinero|caja"
        r"|flujo))\b|\bfalta de liquidez\b",
        r"\b(?:despidieron|me han despedido|perdi (?:mi|el) (?:trabajo|empleo)|fallecio"
        r"|ha fallecido|murio|cancer|divorci|enfermedad grave|vulnerabilidad)\b",
        r"\bconcurso de acreedores\b|\bcierre de la empresa\b|\bhemos cerrado\b|\bquiebra\b",
        r"\b(?:i|we) can(?:'t|not) (?:afford|pay)\b|\b(?:lost my job|unemployed"
        r"|financial (?:difficult|trouble|hardship)|cash[ -]?flow problem|no money)\w*",
    ),
    Kind.COPY: (
        r"\b(?:copia|duplicado|original|pdf|xml) (?:de |del |en )?(?:la |las |los |el |su "
        r"|esa |dicha )?(?:factura|facturas|recibo|albaran|documento|cfdi|comprobante fiscal"
        r"|pdf|boleta|contrato)",
        r"\b(?:envi|mand|remit|pas|facilit|reenvi|adjunt|hac)(?:ar|ir|en|enme|eme|ame|es|e|a"
        r"|ad|adme|arme|arnos|irme|eis|anos|ennos|arnosla|armela|armelas|enmela|amela"
        r"|arle)\w{0,5} (?:\w+ ){0,5}?(?:la |las |una |el |los |un |copia de la |de nuevo la "
        r"|otra vez la )?(?:factura|facturas|copia|duplicado|albaran|detalle|desglose"
        r"|estado de cuenta|extracto|cfdi|xml|boleta)\b",
        r"\bno (?:me |nos )?(?:he|hemos|ha|han|nos|me|ha sido|tengo|tenemos|recibi|recibimos"
        r"|aparece|encuentro|encontramos|consta|llego|localizo|localizamos)(?: \w+){0,3} (?:la"
        r"|esa|esta|las|dicha|ninguna|esas|su|de) ?(?:la |esa |esta |su )?(?:factura|facturas"
        r"|boleta|cfdi)\b",
        r"\b(?:factura|facturas) (?:\w+ )?(?:no (?:me |nos )?(?:ha |han |la |las )?(?:llegado"
        r"|llego|llegaron|recibido|recibida|tengo|hemos recibido|he recibido|aparece))",
        r"\b(?:necesito|necesitamos|solicito|solicitamos|pido|quisiera|quiero|requiero"
        r"|requerimos|me falta|nos falta|podria tener|podemos tener)(?: \w+){0,3} (?:factura"
        r"|facturas|copia|duplicado|albaran|detalle|desglose|estado de cuenta|cfdi|xml)\b",
        r"\bque factura (?:es|son)\b|\bde que (?:factura|es (?:eso|esto|la deuda|esta deuda)"
        r"|se trata)\b|\ba que (?:factura|corresponde|se refiere)",
        r"\b(?:copy|copies|duplicate) of (?:the|that|this|your|my|our)? ?(?:invoice|bill"
        r"|statement)|\b(?:send|resend|forward|email)(?: me| us| it)?(?: again)?(?: a| the"
        r"| that| this| another)? (?:copy|invoice|statement|bill)\b|\b(?:haven't|have not"
        r"|didn't|never) (?:received?|got|get)(?: the| this| that| any| your)? (?:invoice"
        r"|bill)\b",
    ),
    Kind.OUT_OF_OFFICE: (
        r"\b(?:estoy|estare|me encuentro|estaremos|me encontrare"
        r"|nos encontramos) (?:\w+ )?(?:fuera de (?:la |mi )?oficina|de vacaciones|ausente"
        r"|fuera del despacho|de permiso|de baja (?:maternal|paternal))",
        r"\b(?:respuesta|contestacion|mensaje|correo) automatic[oa]\b|\bcontestador automatico\b",
        r"\b(?:cerrad[oa]s?|cerramos|cerraremos|cerrara) (?:por|en) (?:vacaciones|descanso"
        r"|festivo|navidad|agosto)",
        r"\b(?:i am|i'm|i will be|i'll be|we are) (?:currently )?(?:out of (?:the )?office"
        r"|on (?:vacation|holiday|leave|annual leave)|away)\b|\bautomatic reply\b"
        r"|\bauto[- ]?reply\b|\bout of office\b",
    ),
}

ACCENTED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.PAID: (
        r"\b(?:pagué|aboné|transferí|ingresé|deposité|cancelé|consigné|giré)\b(?! el (?:pedido"
        r"|servicio|contrato))",
        r"\bpagó\b",
    ),
}

_COMPILED = {kind: tuple(re.compile(each) for each in expressions) for kind, expressions in PATTERNS.items()}
_COMPILED_ACCENTED = {
    kind: tuple(re.compile(each) for each in expressions) for kind, expressions in ACCENTED.items()
}


def expressions_of(kind: Kind) -> tuple[re.Pattern[str], ...]:
    """To be looked for in the plain form."""
    return _COMPILED.get(kind, ())


def accented_of(kind: Kind) -> tuple[re.Pattern[str], ...]:
    """To be looked for in lower case with accents."""
    return _COMPILED_ACCENTED.get(kind, ())


_COURTESY = (
    r"(?:hola|buen[oa]s? (?:dias|tardes|noches)?|buenos? dia|saludos?(?: cordial(?:es)?)?"
    r"|un (?:cordial )?saludo"
    r"|gracias|muchas gracias|por favor|porfavor|please|thanks|thank you|hello|hi|regards"
    r"|atentamente|muy bien"
    r"|estimad[oa]s?(?: senor(?:es|a)?s?)?|senor(?:es|a)?|cordialmente|ok|vale)"
)
COURTESY: Final = re.compile(rf"(?:^|(?<=[\s,.!;]))(?:{_COURTESY})(?=$|[\s,.!;:])[\s,.!;:]*")
"""What says nothing of itself."""

ALONE: Final = re.compile(
    r"[\s\"'«».,!¡*#-]*(?:(?:quiero |quisiera |deseo |solicito |favor de |pido )?(?:(?:la "
    r"|mi )?baja|dar(?:me|nos) de baja"
    r"|den(?:me|nos) de baja|deme de baja|dadme de baja|dame de baja|stop|alto|parar"
    r"|unsubscribe|no mas(?: mensajes| sms"
    r"| correos)?|cancelar suscripcion|basta|end|quit|optout|opt out|remove)(?: (?:sms"
    r"|mensajes|correos?|whatsapp|ya|todo"
    r"|lista))?)[\s\"'«».,!*#-]*"
)
"""A whole message that asks for nothing but an end to messages of this way."""

SERVICE: Final = re.compile(
    r"\bbaja (?:de(?:l)?|en|como) (?:el |la |mi |los |las )?(?:servicio|contrato|linea"
    r"|suscripcion|curso|escuela|centro"
    r"|gimnasio|academia|seguro|poliza|cliente|cuota|plan)\b(?! de (?:mensajes|avisos|correo))"
)
"""Leaving a service is no refusal of messages."""
