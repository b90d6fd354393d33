"""The words themselves, in Spanish, folded: small letters without accents, ñ kept. Rules: lexicon.py."""

import re

HARMLESS = re.compile(
    r"(?:no (?:es|constituye|supone|implica) (?:un[ao]? |ningun[ao]? )?"
    r"(?:actuacion|gestion|acto|documento|notificacion|ejecucion|tramite|requerimiento)s? judicial(?:es)?)"
    r"|(?:sin (?:necesidad de )?(?:acudir|llegar) a (?:los tribunales|la via judicial|juicio))"
    r"|(?:(?:ni|no) (?:juez|jueces|juzgado)s? )"
)
"""Said to calm: read as if it were not there."""

_TIE = r"(?:\w+ ){0,4}?"

THREAT = (
    r"aten(?:te|gase|ganse|eos) a las consecuencias|por las (?:buenas|malas)"
    r"|(?:te|se|os) (?:vas?|vais|van) a (?:enterar|arrepentir)|(?:te|se|os) arrepentir\w+"
    r"|(?:sabemos|conocemos) (?:donde|por donde) \w+|(?:te|le|os|les) estamos (?:vigilando|siguiendo)"
    r"|(?:iremos|vamos a ir|nos presentaremos|pasaremos|acudiremos) (?:a|por|en) (?:tu|su|vuestr[oa])s? "
    r"(?:casa|domicilio|trabajo|oficina|negocio|puerta)"
    r"|(?:te|le|os|les) (?:vamos a )?(?:hundi\w+|arruina\w+|destroza\w+|revent\w+|machac\w+"
    r"|parti\w+ la \w+)"
    r"|(?:no respondemos|no nos hacemos responsables) de lo que|pagara?s? caro|(?:ira|iras) a la carcel"
    r"|(?:mandar|enviar)\w* a (?:alguien|unos señores|cobradores)"
)

INSULT = (
    r"moros[oa]s?|sinverguenzas?|caraduras?|estafador(?:a|es|as)?|ladr(?:on|ona|ones|onas)|jetas?|rater[oa]s?"
    r"|gorr(?:on|ona|ones)|mentiros[oa]s?|delincuentes?|trampos[oa]s?|desgraciad[oa]s?|imbecil(?:es)?"
    r"|idiotas?|inutil(?:es)?|irresponsables?|canallas?|chorizos?|(?:poca|ninguna) verguenza"
    r"|que verguenza|verguenza deberia\w*|mala fe|mal pagador(?:a|es|as)?"
)

SHAMING = (
    r"(?:lo )?(?:haremos|vamos a hacer) publico|publicar(?:emos|\w*)? "
    + _TIE
    + r"(?:nombre|deuda|foto|lista)"
    r"|redes sociales|(?:todo el mundo|todos) (?:lo )?sabra\w*|lista (?:negra|publica|de morosos)"
    r"|quedara?s? en evidencia"
)

THIRD_PARTIES = (
    r"(?:hablar|avisar|contactar|informar|llamar|comunicar|contar|decir)\w*(?:lo|selo)? "
    + _TIE
    + r"(?:a|con) "
    r"(?:tu|su|vuestr[oa]|los|las|sus|tus|el|la) ?(?:\w+ )?(?:jefe|jefa|empleador|empresa donde|vecin\w+"
    r"|famili\w+|amig\w+|compañer\w+|padres|madre|padre|espos\w+|marido|mujer|pareja|hij\w+|clientes|proveedores)"
)

COURT_LOOK = (
    r"(?:cedula|notificacion|citacion|comparecencia|requerimiento|diligencia|orden|mandamiento"
    r"|auto|acta) (?:judicial|de (?:embargo|citacion|emplazamiento|comparecencia|ejecucion|lanzamiento"
    r"|detencion))"
    r"|emplazamiento|queda (?:usted )?(?:citad[oa]|emplazad[oa]|notificad[oa] judicialmente)"
    r"|providencia|expediente judicial|juzgado de (?:primera instancia|lo mercantil|paz|guardia)"
    r"|en nombre de su majestad|embargar(?:emos|an|a)\w*|embargo inmediato"
)

FALSE_AUTHORITY = (
    r"(?:ministerio|policia|guardia civil|hacienda|agencia tributaria|fiscalia|tribunal supremo)"
    r"(?: \w+){0,3}? (?:le|te|les|os) (?:requiere|notifica|comunica|exige|ordena)"
    r"|departamento (?:judicial|de embargos|de ejecuciones)|oficina de embargos|unidad de embargos"
)

AGENCY = (
    r"(?:agencia|empresa|gestora|despacho|compañia)s? (?:externa )?de (?:cobros?|recobros?|cobranzas?)"
    r"|cobrador(?:es)? externos?|ceder(?:emos|\w*)? (?:la|su|tu) (?:deuda|credito)"
)

SUIT = (
    r"(?:demandar|querellar|denunciar)\w*|demandas? judicial(?:es)?|(?:poner|presentar|interponer)\w* "
    + _TIE
    + r"(?:demanda|querella|denuncia)|(?:acciones?|via|reclamacion|procedimiento) judicial(?:es)?"
    r"|(?:proceso|juicio|procedimiento) (?:monitorio|ejecutivo|verbal|ordinario)"
    r"|a los tribunales|ante los tribunales|a juicio"
)

FILE = (
    r"(?:fichero|registro|listado|lista|base de datos|archivo)s? de (?:morosos|morosidad"
    r"|impagos|impagados|solvencia|incumplimiento\w*)|asnef|experian|badexcug|infocorp|equifax|dicom|datacredito|transunion|veraz"
    r"|buro de credito|circulo de credito|(?:central|centrales) de riesgos?|boletin comercial"
)

SUSPENSION = (
    r"(?:suspender|cortar|interrumpir|cancelar|bloquear)\w* "
    + _TIE
    + r"(?:servicios?|linea|suministro|acceso|cuenta"
    r"|contrato|plaza|matricula|pedidos)|(?:suspension|corte|interrupcion|baja) (?:\w+ )?"
    r"de(?:l| la| los)? (?:\w+ )?(?:servicios?|linea|suministro|acceso|cuenta|contrato|plaza|matricula)"
)

REVEALS_DEBT = (
    r"deudas?|deudor(?:a|es|as)?|adeuda\w*|debe(?:s|is|n)?|impag\w+|moros\w+|embarg\w+|demandas?|judicial\w*"
    r"|cobro de|recobro|incumplimiento|reclamacion(?:es)? de (?:pago|deuda|cantidad)|atrasad[oa]s?"
)

ASKS_REASON = (
    r"por que (?:no )?(?:ha|has|han|habeis|motivo|razon)? ?"
    + _TIE
    + r"(?:pagado|pago|pagas?|pagan|impago|retraso)"
    r"|(?:motivos?|razon(?:es)?|causas?) de(?:l| su| tu)? (?:impago|retraso|atraso|incumplimiento|mora)"
)

FALSE_URGENCY = (
    r"urgentes?|urgentemente|inmediat(?:o|a|amente)|de inmediato|ahora mismo|hoy mismo|sin demora"
    r"|ya mismo|en (?:24|48|72) horas|ultima oportunidad|a la mayor brevedad"
)

PRIVATE_LIFE = (
    r"enferm\w+|cancer|depresi\w+|embaraz\w+|divorci\w+|alcohol\w*|borrach\w+|drog\w+|sida|vih|discapac\w+"
    r"|psiquiatr\w+|religi\w+|sindica\w+|gitan\w+|moro|negro|extranjero|maltrat\w+|preso|antecedentes"
)

SAYS_HOW_TO_PAY = r"(?:puede|puedes|podes) pagar|(?:you can|you may) pay"

SAYS_RIGHTS = r"(?:tiene|tienes|tenes) derecho|sus derechos|tus derechos|you have the right|your rights"

SAYS_NOT_JUDICIAL = (
    r"no (?:es|constituye|supone|corresponde a) (?:un[ao]? |ningun[ao]? )?"
    r"(?:actuacion|gestion|acto|ejecucion|cobro|cobranza|notificacion|tramite)s? judicial"
    r"|not an? (?:court|judicial) (?:proceeding|act|document)"
)

SAYS_COMPLAINTS = (
    r"reclamar (?:en|ante|a)|presentar (?:una |su )?(?:queja|reclamacion)|quejas (?:en|ante|a)|complaints? to"
)

SAYS_PAY_ONLY_CREDITOR = (
    r"(?:pague|paga|pagos?|se pagan?) (?:unicamente|solo|solamente|exclusivamente) "
    r"(?:a|en|directamente)"
    r"|(?:unicamente|solo|solamente) (?:se paga|pague|paga) a|pay only to"
)

LAST_NOTICE = re.compile(r"(?<!\w)ultim[oa]s? (?:aviso|notificacion|recordatorio|requerimiento)s?(?!\w)")
CAPITALS = re.compile(r"(?:\b[A-ZÁÉÍÓÚÜÑ]{2,}\b[\s,;:.]+){2,}\b[A-ZÁÉÍÓÚÜÑ]{2,}\b|!{2,}|¡{2,}")
