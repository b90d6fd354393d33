"""Messages with the amounts, the addresses and the words of this moment."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aldia.operations.kinds import judge_kind
from aldia.operations.texts import save_text, set_letterhead
from aldia.queries.claimed import addressees
from aldia.queries.rendering import Rendered, rendered
from aldia.queries.speeches import Told, ToldLine, speech_of, told_documents
from aldia.queries.text_preview import preview
from aldia.queries.texts import TextUse
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import Draft, Message
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import Refused
from aldia.rules.texts.errors import NoText
from aldia.rules.texts.render import Text
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house, plain, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
FIRM = date(2026, 10, 15)  # 36 days: the firm step, once those before it need not be done


@pytest.fixture
def luz():
    return house()


def straight(toml: str) -> str:
    """The ladder without any step that has to come first."""
    return re.sub(r"requires = .*", "", toml)


def test_a_reminder_tells_what_is_owed_now_to_whom_and_how_to_pay(luz):
    luz.customer("A", (60_000, LATE), (4_050, date(2026, 11, 15)), name="Bar Sol, S.L.", contact="Ana Sol")
    set_letterhead(
        creditor=luz.creditor,
        payment_instructions="Por transferencia a la cuenta de la factura.",
        phone="910 000 000",
        actor="ana",
        now=NOW,
    )
    luz.run()
    luz.pays("A", 10_000)
    mail = luz.mail("A")
    assert (mail.recipient, mail.recipient_name, mail.language) == ("a@example.com", "Ana Sol", "es")
    assert mail.subject == "Un recordatorio sobre F-A-1 y F-A-2"
    assert plain(mail.text) == (
        "Hola, Ana Sol:\n\n"
        "Puede que se le haya pasado: a día de hoy nos figura pendiente lo siguiente.\n\n"
        "Factura F-A-1 · venció el 10/11/2026 · 10 días de retraso · 500,00 €\n"
        "Factura F-A-2 · venció el 15/11/2026 · 5 días de retraso · 40,50 €\n"
        "Total: 540,50 €\n\n"
        "Por transferencia a la cuenta de la factura.\n\n"
        "Si ya lo ha pagado, disculpe que los mensajes se hayan cruzado;"
        " con la fecha del pago lo comprobamos.\n"
        "Si algo no es correcto, o ahora no le viene bien pagarlo,"
        " responda a este correo y buscamos la manera.\n\n"
        "Gracias.\n\n"
        "Papelería Luz\nTeléfono: 910 000 000\n"
    )
    assert [(line.open_minor, line.days_overdue, line.claim_from) for line in mail.lines] == [
        (50_000, 10, None),
        (4_050, 5, None),
    ]


def test_a_firm_demand_has_todays_interest_and_a_deadline_from_today(luz):
    use_strategy(luz, "pymes", straight)
    luz.customer("A", (100_000, FIRM))
    luz.customer("B", (100_000, FIRM), person_kind="consumer", name="Bea Luna")
    luz.run()
    monday = NOW + timedelta(days=3)
    mail, private = plain(luz.mail("A", monday).text), luz.mail("B", monday)
    assert "a más tardar el 30 de noviembre de 2026" in mail  # seven days from the day it leaves
    assert "conforme a la Ley 3/2004:" in mail
    assert "Compensación por costes de cobro: 40,00 €" in mail
    (line,) = luz.mail("A", monday).lines
    assert f"Intereses de demora hasta hoy: {line.interest_minor / 100:.2f}".replace(".", ",") in mail
    assert (line.claim_from, line.claim_until) == (date(2026, 10, 16), date(2026, 11, 23))
    assert (line.compensation_minor, line.days_overdue) == (4_000, 39)
    assert "Ley" not in private.text
    assert "ntereses" not in private.text
    assert [(each.interest_minor, each.claim_until) for each in private.lines] == [(0, None)]


def test_each_currency_has_its_own_total_and_money_on_account_is_taken_off(luz):
    luz.customer("A", (60_000, LATE), (20_000, LATE), currencies=["EUR", "USD"])
    luz.run()
    luz.pays("A", 10_000, line=None)
    told = plain(luz.mail("A").text)
    assert "Pagos recibidos sin aplicar: -100,00 €\nTotal en EUR: 500,00 €" in told
    assert "Total en USD: 200,00 US$" in told
    luz.pays("A", 50_000, line=None)
    now_only = plain(luz.mail("A").text)
    assert "€" not in now_only
    assert "200,00 US$" in now_only


def test_a_familys_fees_are_told_in_tu_and_the_paid_one_is_left_out(luz):
    use_strategy(luz, "academia")
    luz.customer(
        "A", (9_000, LATE), (8_000, LATE), person_kind="consumer", name="Marta Gil", form_of_address="tu"
    )
    luz.run()
    luz.pays("A", 9_000, line=0)
    mail = luz.mail("A")
    assert mail.text.startswith("Hola, Marta:\n\nPuede que se te haya pasado")
    assert "Recibo F-A-2" in mail.text
    assert "F-A-1" not in mail.text + mail.html + mail.subject
    assert len(mail.lines) == 1


def test_notices_of_one_day_are_one_mail_told_apart(luz):
    luz.settings(live_from=date(2026, 10, 1))
    luz.customer("A", (60_000, DAY), (40_000, date(2026, 12, 20)), issued_on=date(2026, 11, 14))
    luz.run()
    with luz.inside():
        assert set(Message.objects.values_list("kind", flat=True)) == {"delivery", "acceptance", "due_today"}
    (answer,) = luz.words().values()
    assert isinstance(answer, Rendered)
    told = plain(answer.text)
    assert answer.subject == "Vencimiento de F-A-1"
    assert "Vence en estos días:\nFactura F-A-1 · vence el 20/11/2026 · 600,00 €" in told
    assert "Pendiente de conformidad:\nFactura F-A-2 · vence el 20/12/2026 · 400,00 €" in told
    assert sorted(line.open_minor for line in answer.lines) == [40_000, 60_000]


def test_an_invoice_is_handed_over_with_its_due_date_for_the_calendar(luz):
    luz.settings(live_from=date(2026, 10, 1))
    luz.customer("A", (40_000, date(2026, 12, 20)), issued_on=date(2026, 11, 20))
    luz.run()
    (answer,) = luz.words().values()
    assert isinstance(answer, Rendered)
    (file,) = answer.attachments
    assert (file.name, file.content_type.partition(";")[0]) == ("vencimiento.ics", "text/calendar")
    assert b"20261220" in file.content
    assert b"400" not in file.content.split(b"SUMMARY", 1)[1].split(b"\r\n", 1)[0]


def test_who_forgets_gets_the_copy_again_and_the_new_date_for_the_calendar(luz):
    use_strategy(luz, "pymes", straight)
    customer = luz.customer("A", (40_000, LATE))
    judge_kind(
        creditor=luz.creditor,
        customer_id=customer.pk,
        kind="careless",
        note="Se le olvida.",
        actor="prueba",
        now=NOW,
    )
    luz.run()
    mail = luz.mail("A")
    assert mail.template == "easy_pay"
    assert "Va también una cita para su calendario, con fecha 27 de noviembre de 2026." in mail.text
    (file,) = mail.attachments
    assert b"DTSTART;VALUE=DATE:20261127" in file.content


def test_a_draft_goes_before_the_creditors_text_and_that_before_the_houses(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE))
    luz.run()
    save_text(
        creditor=luz.creditor,
        use=TextUse("friendly", "email", "usted"),
        text=Text("Nuestro asunto", "Nuestro texto: {total}."),
        actor="ana",
        now=NOW,
    )
    (key,) = luz.bundles("A")
    with luz.inside():
        Draft.objects.create(
            creditor=luz.creditor,
            key=key,
            subject="Solo para A",
            body="A mano: {total}.",
            edited_by="ana",
            edited_at=NOW,
        )
    assert (luz.mail("A").subject, plain(luz.mail("A").text)) == ("Solo para A", "A mano: 600,00 €.\n")
    assert (luz.mail("B").subject, plain(luz.mail("B").text)) == (
        "Nuestro asunto",
        "Nuestro texto: 600,00 €.\n",
    )


def test_the_best_address_is_that_of_whoever_pays(luz):
    customer = luz.customer("A", (60_000, LATE), role="owner", contact="Olga")
    with luz.inside():
        for role, name, quality in (
            ("accounts_payable", "Pablo", "doubtful"),
            ("other", "Óscar", "good"),
            ("lawyer", "Laura", "good"),
            ("holder", "Hugo", "bad"),
        ):
            contact = make.contact(customer=customer, role=role, name=name)
            of = {"creditor": luz.creditor, "customer": customer, "contact": contact, "channel": "email"}
            ContactPoint.objects.create(**of, value=f"{role}@example.com", quality=quality)
    luz.run()
    assert luz.mail("A").recipient_name == "Óscar"  # a good address before one nobody has tried
    with luz.inside():
        ContactPoint.objects.update(quality="unknown")
        ContactPoint.objects.filter(value__startswith="holder").update(quality="bad")
    assert luz.mail("A").recipient_name == "Pablo"


def test_what_will_never_leave_has_no_words_and_what_waits_has(luz):
    luz.customer("PAGA", (60_000, LATE))
    luz.customer("ESPERA", (60_000, LATE))
    luz.customer("NADIE", (60_000, LATE), reached=())
    luz.run()
    luz.pays("PAGA", 60_000)
    luz.settings(sending_stopped_at=NOW, sending_stopped_by="ana", messages_per_day_max=0)
    midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    told = {
        luz.codes[int(key.split(":")[1])]: getattr(answer, "rule", "se lee")
        for key, answer in luz.words(now=midnight).items()
    }
    assert told == {"PAGA": "paid", "ESPERA": "se lee", "NADIE": "no_address"}


def test_a_step_without_a_text_is_refused_until_somebody_writes_it(luz):
    use_strategy(luz, "pymes", lambda toml: toml.replace('template = "friendly"', 'template = "nuestro"'))
    luz.customer("A", (60_000, LATE))
    luz.run()
    (answer,) = luz.words().values()
    assert isinstance(answer, Refused)
    assert answer.rule == "no_text"
    with luz.inside(), pytest.raises(NoText):
        preview(luz.creditor, customer_id=luz.customers["A"].pk, template="nuestro", now=NOW)
    save_text(
        creditor=luz.creditor,
        use=TextUse("nuestro", "email", "usted"),
        text=Text("Hola", "{saludo}\n\n{partidas}"),
        actor="ana",
        now=NOW,
    )
    assert luz.mail("A").subject == "Hola"


def test_a_preview_speaks_of_the_customers_own_debt_or_says_that_it_is_invented(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("NUEVO", reached=())
    with luz.inside():
        real = preview(luz.creditor, customer_id=luz.customers["A"].pk, template="firm", now=NOW)
        mine = Text("Mi asunto", "{cliente}: {total}, {plazo}")
        tried = preview(luz.creditor, customer_id=luz.customers["A"].pk, template="firm", text=mine, now=NOW)
        invented = preview(luz.creditor, customer_id=luz.customers["NUEVO"].pk, template="friendly", now=NOW)
        sms = preview(
            luz.creditor, customer_id=luz.customers["A"].pk, template="friendly", channel="sms", now=NOW
        )
    assert "Compensación por costes de cobro: 40,00 €" in plain(real.filled.text)
    assert (real.is_sample, real.recipient) == (False, "a@example.com")
    assert plain(tried.filled.text) == "A: 600,00 €, 27 de noviembre de 2026\n"
    assert (invented.is_sample, invented.recipient) == (True, "")
    assert "(de ejemplo)" in invented.filled.text
    assert (sms.filled.html, sms.filled.subject) == ("", "")


def test_the_number_of_selects_does_not_grow_with_the_batch(luz):
    for number in range(8):
        luz.customer(f"C{number}", (60_000, LATE))
    luz.run()
    bundles = luz.bundles()
    counts = []
    for size in (1, 8):
        part = dict(list(bundles.items())[:size])
        with luz.inside(), CaptureQueriesContext(connection) as asked:
            assert len(rendered(luz.creditor, part, now=NOW)) == size
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 17


def test_who_works_a_customer_signs(luz):
    customer = luz.customer("A", (60_000, LATE))
    with luz.inside():
        owner = make.membership(creditor=luz.creditor, user=make.user(name="Inés Luz"))
        type(customer).objects.filter(pk=customer.pk).update(owner=owner)
        assert addressees(luz.creditor, {customer.pk})[customer.pk].manager == "Inés Luz"
    luz.run()
    assert luz.mail("A").text.endswith("Inés Luz\nPapelería Luz\n")


def test_the_language_of_the_customer_is_that_of_the_words_figures_and_page(luz):
    late = {"reached": ("email",)}
    luz.customer("EN", (60_000, LATE), language="en-GB", form_of_address="tu", **late)
    luz.customer("CA", (60_000, LATE), language="ca", **late)
    luz.run()
    english, catalan = luz.mail("EN"), luz.mail("CA")
    assert (english.language, catalan.language) == ("en", "es")
    assert '<html lang="en">' in english.html
    assert "Invoice F-EN-1 · was due on 10 Nov 2026 · 10 days overdue · €600.00" in english.text
    assert '<html lang="es">' in catalan.html
    assert "nos figura pendiente" in catalan.text
    save_text(
        creditor=luz.creditor,
        use=TextUse("friendly", "email", "usted", "ca"),
        text=Text("Un recordatori", "{saludo}\n\nQueda pendent {total} fins al {vencimiento}.\n\n{firma}"),
        actor="ana",
        now=NOW,
    )
    own = luz.mail("CA")
    assert (own.subject, own.language) == ("Un recordatori", "ca")
    assert "10 de novembre del 2026" in own.text


def test_a_text_of_which_nothing_is_left_today_does_not_leave(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    save_text(
        creditor=luz.creditor,
        use=TextUse("friendly", "email", "usted"),
        text=Text("Un recordatorio", "Antes del {plazo}."),
        actor="ana",
        now=NOW,
    )
    (answer,) = luz.words().values()
    assert isinstance(answer, Refused)
    assert answer.rule == "no_text"


def test_documents_are_called_as_the_creditor_calls_them(luz):
    Creditor.objects.filter(pk=luz.creditor.pk).update(
        country="MX", profile={"start": {"answers": {"sells": "fees"}}}
    )
    luz.creditor.refresh_from_db()
    speech: dict[str, Any] = {"tone": "amable", "channel": "email", "today": DAY}
    with luz.inside():
        customer = luz.customer("A", (60_000, LATE), person_kind="consumer")
        person = addressees(luz.creditor, {customer.pk})[customer.pk]
        (line,) = DueLine.objects.filter(customer=customer)
        told = Told(lines=(ToldLine(line.pk, "dunning", LATE, 10, "EUR", 60_000),))
        documents = told_documents(luz.creditor, [told])
        fee = speech_of(luz.creditor, person, None, told, documents, **speech)
        company = replace(person, person_kind="business")
        invoice = speech_of(luz.creditor, company, None, told, documents, **speech)
    assert fee.lines[0].label.startswith("Mensualidad ")
    assert invoice.lines[0].label.startswith("Factura ")


def test_where_the_law_asks_for_leave_to_write_the_way_out_goes_with_the_mail(luz):
    luz.settings(agreed_channels=["email"])
    luz.customer("CALI", (60_000, LATE), country="CO", person_kind="consumer")
    luz.customer("VIGO", (60_000, LATE), person_kind="consumer")
    luz.run()
    assert (luz.mail("CALI").refusable, luz.mail("VIGO").refusable) == (True, False)


@pytest.mark.parametrize(
    ("due_on", "roles", "reached"),
    [
        (LATE, ("accounts_payable", "finance_head", "owner"), "accounts_payable"),
        (FIRM, ("accounts_payable", "finance_head", "owner"), "finance_head"),
        (FIRM, ("accounts_payable", "owner"), "accounts_payable"),
        (FIRM, ("owner",), "owner"),
    ],
)
def test_the_firmer_the_step_the_higher_the_role_of_who_gets_it(luz, due_on, roles, reached):
    use_strategy(luz, "pymes", straight)
    customer = luz.customer("A", (60_000, due_on), reached=())
    with luz.inside():
        for role in roles:
            contact = make.contact(customer=customer, role=role, name=role)
            ContactPoint.objects.create(
                creditor=luz.creditor,
                customer=customer,
                contact=contact,
                channel="email",
                value=f"{role}@example.com",
            )
    luz.run()
    assert luz.mail("A").recipient == f"{reached}@example.com"
