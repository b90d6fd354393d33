"""What is marked in a text, and what is left in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.respect.readability import readability
from aldia.rules.respect.reader import findings, folded, is_hot, message_parts, note_findings
from aldia.rules.respect.syllables import syllables_in
from aldia.rules.respect.values import Code, Consequence, Place, Reading, Severity
from aldia.rules.texts.shipped import shipped_texts

BODY = Place.BODY


def _codes(text, *, place=BODY, **reading):
    return [each.code for each in findings({place: text}, Reading(**reading))]


BAD = [
    ("Pague, o aténgase a las consecuencias.", Code.THREAT),
    ("O pagas por las buenas o por las malas.", Code.THREAT),
    ("Sabemos dónde trabajas.", Code.THREAT),
    ("Mañana iremos a su casa.", Code.THREAT),
    ("Te vas a arrepentir.", Code.THREAT),
    ("Le vamos a hundir el negocio.", Code.THREAT),
    ("Usted es un moroso.", Code.INSULT),
    ("No sea caradura.", Code.INSULT),
    ("Actúa usted de mala fe.", Code.INSULT),
    ("Lo haremos público si no paga.", Code.SHAMING),
    ("Publicaremos su nombre en la entrada.", Code.SHAMING),
    ("Irá a la lista negra del barrio.", Code.SHAMING),
    ("Hablaremos con su jefe de esto.", Code.THIRD_PARTIES),
    ("Avisaremos a tus padres.", Code.THIRD_PARTIES),
    ("Se lo contaremos a sus vecinos.", Code.THIRD_PARTIES),
    ("CÉDULA DE NOTIFICACIÓN Y requerimiento judicial", Code.COURT_LOOK),
    ("Queda usted citado el martes.", Code.COURT_LOOK),
    ("Orden de embargo preparada.", Code.COURT_LOOK),
    ("Embargaremos su nómina.", Code.COURT_LOOK),
    ("La Agencia Tributaria le requiere el pago.", Code.FALSE_AUTHORITY),
    ("Firma: Departamento de Embargos.", Code.FALSE_AUTHORITY),
    ("Pasaremos su caso a una agencia de recobro.", Code.CONSEQUENCE),
    ("Presentaremos una demanda judicial.", Code.CONSEQUENCE),
    ("Iniciaremos un procedimiento monitorio.", Code.CONSEQUENCE),
    ("Le incluiremos en ASNEF.", Code.CONSEQUENCE),
    ("Comunicaremos el impago a un fichero de solvencia.", Code.CONSEQUENCE),
    ("Cortaremos la línea el lunes.", Code.CONSEQUENCE),
    ("Suspenderemos el servicio.", Code.CONSEQUENCE),
    ("Pague hoy mismo.", Code.FALSE_URGENCY),
    ("Este es el último aviso.", Code.FALSE_URGENCY),
    ("PAGUE USTED AHORA, por favor", Code.SHOUTING),
    ("¡¡Pague!!", Code.SHOUTING),
]
GOOD = [
    "Quizá se le ha pasado: queda pendiente la factura F-1, que venció el 5 de noviembre.",
    "Si ya la ha pagado, disculpe este mensaje.",
    "Si no puede pagarla entera, podemos dividir el pago en plazos: responda a este correo.",
    "Le pedimos el pago antes del 27 de noviembre de 2026.",
    "La Ley 3/2004 nos permite pedirle 40,00 € por los gastos de cobro y 1,42 € de intereses.",
    "Este mensaje no es una actuación judicial.",
    "Queremos resolverlo sin acudir a los tribunales.",
    "Hemos hablado con su departamento de administración y nos han pedido la factura.",
    "Nos dice que el pedido llegó incompleto: mientras lo miramos, no le pedimos esa parte.",
    "Puede llamarnos de 9:00 a 14:00. Pregunte por Inés.",
    "Pásese por la tienda cuando quiera.",
    "Adjuntamos la factura y la orden de compra.",
]


@pytest.mark.parametrize(("text", "code"), BAD, ids=[text[:40] for text, _ in BAD])
def test_what_is_not_said_to_a_customer_is_marked_with_its_words(text, code):
    found = [each for each in findings({BODY: text}, Reading()) if each.code is code]
    assert found, _codes(text)
    for each in found:
        assert text[each.start : each.end] == each.excerpt != ""
        assert each.excerpt in each.sentence
        assert each.source


@pytest.mark.parametrize("text", GOOD, ids=[text[:40] for text in GOOD])
def test_firm_and_civil_words_are_left_in_peace(text):
    assert _codes(text) == []


@pytest.mark.parametrize(
    ("text", "consequence"),
    [
        ("Pasaremos su caso a una agencia de cobro.", Consequence.AGENCY),
        ("Iniciaremos un juicio monitorio.", Consequence.SUIT),
        ("Lo comunicaremos a un fichero de solvencia.", Consequence.FILE),
        ("Suspenderemos el servicio el 3 de diciembre.", Consequence.SUSPENSION),
    ],
)
def test_a_consequence_is_announced_only_where_it_follows(text, consequence):
    assert _codes(text) == [Code.CONSEQUENCE]
    assert _codes(text, announced=frozenset(Consequence) - {consequence}) == [Code.CONSEQUENCE]
    assert _codes(text, announced=frozenset({consequence})) == []


def test_the_last_notice_may_call_itself_so():
    assert _codes("Último aviso antes de cerrar la cuenta", last=True) == []
    assert _codes("Último aviso antes de cerrar la cuenta") == [Code.FALSE_URGENCY]


@pytest.mark.parametrize(
    "place", [Place.SUBJECT, Place.PREVIEW, Place.ENVELOPE, Place.VOICEMAIL, Place.WRONG_PERSON]
)
def test_what_others_see_reveals_no_debt_of_a_person(place):
    assert _codes("Su deuda con Papelería Luz", place=place) == [Code.REVEALS_DEBT]
    assert _codes("Reclamación de pago F-1", place=place) == [Code.REVEALS_DEBT]
    assert _codes("Su deuda con Papelería Luz", place=place, person_kind="business") == []
    assert _codes("Un recordatorio sobre F-1", place=place) == []


def test_of_a_short_message_others_see_the_beginning():
    parts = message_parts("", "Papelería Luz: le recordamos la factura F-1, que debe desde mayo.", "sms")
    assert findings(parts, Reading()) == []
    parts = message_parts("", "Debe 30 € a Papelería Luz.", "sms")
    assert [each.place for each in findings(parts, Reading())] == [Place.PREVIEW]


def test_in_colombia_a_consumer_is_not_asked_why():
    text = "¿Por qué no ha pagado? Díganos el motivo del retraso."
    assert set(_codes(text, country="CO")) == {Code.ASKS_REASON}
    assert _codes(text, country="CO", person_kind="business") == []
    assert _codes(text) == []


def test_each_country_names_its_law():
    text = "Hablaremos con su jefe."
    sources = {
        c: findings({BODY: text}, Reading(country=c))[0].source for c in ("PE", "MX", "CL", "CO", "ES")
    }
    assert "29571" in sources["PE"]
    assert "CONDUSEF" in sources["MX"]
    assert "19.496" in sources["CL"]
    assert "2300" in sources["CO"]
    assert sources["ES"].startswith("Norma de la casa")


def test_notes_are_read_too_and_only_warn():
    found = note_findings("Está en tratamiento por depresión; es un caradura.")
    assert {each.code for each in found} == {Code.PRIVATE_LIFE, Code.INSULT}
    assert {each.severity for each in found} == {Severity.WARN}
    assert note_findings("Llamé a las 10; paga el viernes 27 por transferencia.") == []


def test_anger_is_hot_and_a_date_is_not():
    assert is_hot(findings({BODY: "Eres un jeta"}, Reading()))
    assert is_hot(findings({BODY: "¡¡PAGA YA, QUE NO TE LO REPITO!!"}, Reading()))
    assert not is_hot(findings({BODY: "Cortaremos la línea hoy mismo."}, Reading()))


@pytest.mark.parametrize("form", ["usted", "tu"])
def test_the_house_texts_say_nothing_that_blocks_where_they_belong(form):
    for (template, channel), text in shipped_texts(form).items():
        kind = "public_body" if template.startswith("public_") else "consumer"
        reading = Reading(person_kind=kind, last=template == "last_notice")
        found = findings(message_parts(text.subject, text.body, channel), reading)
        assert [each for each in found if each.blocks] == [], (template, channel)
        read = readability(text.body)
        assert read is None or read.score >= 55, (template, channel, read)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("casa", 2), ("aéreo", 4), ("guitarra", 3), ("pingüino", 3), ("ahora", 3), ("búho", 2), ("país", 2),
     ("ciudad", 2), ("rey", 1), ("yo", 1), ("queso", 2), ("adeuda", 3), ("a", 1), ("vehículo", 4), ("dr", 1)],
)  # fmt: skip
def test_syllables_by_spelling(word, syllables):
    assert syllables_in(word) == syllables


def test_long_sentences_of_long_words_are_hard_to_read():
    hard = (
        "En consideración a las circunstancias anteriormente referenciadas y con independencia de cuantas "
        "comunicaciones precedentes hubiesen podido cursarse, procedemos mediante el presente documento a "
        "requerirle formalmente la regularización inaplazable de las cantidades correspondientes."
    )
    assert Code.HARD_TO_READ in _codes(hard)
    easy = "Queda un recibo por pagar. Es el de mayo. Son 30 euros. " * 4
    assert _codes(easy) == []
    read = readability(easy)
    assert read is not None
    assert read.band == "muy fácil"


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_finding_shows_its_own_words(text):
    for each in findings(dict.fromkeys(Place, text), Reading(country="CO")):
        assert text[each.start : each.end] == each.excerpt


@given(st.text(alphabet=st.characters(), max_size=100))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(folded(text)) == len(text)


def test_neither_capitals_nor_accents_nor_line_ends_hide_a_word():
    for text in ("ES USTED UN MOROSO", "es usted un\nmoroso", "es usted un mórosó", "moroso."):
        assert Code.INSULT in _codes(text)
    assert Code.INSULT not in _codes("Calle Morosoli, 3")
