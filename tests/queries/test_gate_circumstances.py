"""What keeps us from writing, read from the database: who the customer is, what was said, where they live."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aldia.operations.circumstances import (
    CircumstanceOpen,
    CircumstanceRefused,
    NewCircumstance,
    end_circumstance,
    record_circumstance,
)
from aldia.operations.consents import ConsentRefused, NewConsent, record_consent
from aldia.operations.contact_calendar import (
    AreaRefused,
    NewAreaHold,
    NewLocalHoliday,
    add_local_holiday,
    end_area_hold,
    record_area_hold,
)
from aldia.queries.contact_outlook import contact_outlook
from aldia.queries.gate import judging_of
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.parties.models import Circumstance, CircumstanceKind, ContactPoint, Customer
from aldia.rules.gate import Allowed, Refused
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
MONDAY = DAY + timedelta(days=3)
RULES = {
    "deceased": "deceased",
    "represented": "represented",
    "in_suit": "in_suit",
    "assigned": "assigned",
    "placed": "placed",
    "insolvency": "insolvent",
    "discharged": "discharged",
    "complaint": "complaint",
    "erased": "erased",
}


@pytest.fixture
def luz():
    return house()


def _who(luz):
    return {"creditor": luz.creditor, "actor": "prueba", "now": NOW}


def _has(luz, code, kind, from_on=DAY, until_on=None):
    new = NewCircumstance(kind, from_on, until_on, "Llamó la familia.")
    return record_circumstance(customer_id=luz.customers[code].pk, new=new, **_who(luz))


def _says(luz, code, channel, state, address=""):
    new = NewConsent(channel, state, address)
    record_consent(customer_id=luz.customers[code].pk, new=new, **_who(luz))


def _lawyer(luz, code, *values):
    with luz.inside():
        lawyer = make.contact(customer=luz.customers[code], role="lawyer", name="Ada Ley")
        for value in values:
            ContactPoint.objects.create(
                creditor=luz.creditor,
                customer=luz.customers[code],
                contact=lawyer,
                channel="email",
                value=value,
            )


def _planned(luz):
    """Customer code → channels of what is planned and not cancelled."""
    found: dict[str, list[str]] = {}
    with luz.inside():
        for row in Message.objects.filter(kind="dunning").exclude(state="cancelled"):
            found.setdefault(luz.codes[row.customer_id], []).append(row.channel)
    return found


def test_each_circumstance_refuses_what_is_planned_and_keeps_the_run_from_planning_more(luz):
    assert set(RULES) == set(CircumstanceKind.values)
    for kind in RULES:
        luz.customer(kind.upper(), (60_000, LATE))
    luz.customer("NADA", (60_000, LATE))
    luz.run()
    for kind in RULES:
        _has(luz, kind.upper(), kind)
    assert luz.rules() == {kind.upper(): rule for kind, rule in RULES.items()} | {"NADA": "sale"}
    refused = [answer for answer in luz.looks().values() if isinstance(answer, Refused)]
    assert {answer.retry_at for answer in refused} == {None}
    with luz.inside():
        Message.objects.exclude(customer__code="NADA").update(state="cancelled", reason="deceased")
    luz.run(MONDAY)
    assert set(_planned(luz)) == {"NADA"}


def test_a_circumstance_holds_from_its_day_to_the_one_before_its_end(luz):
    luz.customer("A", (60_000, LATE))
    _has(luz, "A", "complaint", from_on=DAY + timedelta(days=1), until_on=DAY + timedelta(days=4))
    luz.run()
    days = {n: luz.rules(NOW + timedelta(days=n))["A"] for n in (0, 3, 4)}
    assert days == {0: "sale", 3: "complaint", 4: "sale"}


def test_when_it_is_ended_the_customer_is_written_to_again_and_the_trace_says_who(luz):
    luz.customer("A", (60_000, LATE))
    made = _has(luz, "A", "complaint")
    luz.run()
    assert _planned(luz) == {}
    end_circumstance(circumstance_id=made.pk, note="Archivada.", **_who(luz))
    luz.run(MONDAY)
    assert _planned(luz) == {"A": ["email"]}
    with luz.inside():
        ended = Circumstance.objects.get()
        told = AuditEntry.objects.filter(verb__startswith="customer.circumstance").order_by("sequence")
        assert [each.verb.rpartition("_")[2] for each in told] == ["recorded", "ended"]
        assert "familia" not in str([each.payload for each in told])
    assert (ended.ended_on, ended.ended_by, ended.end_note) == (DAY, "prueba", "Archivada.")


def test_an_insolvency_stops_interest_from_its_day_and_its_end_takes_that_back(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE), insolvent_on=LATE)
    first, second = _has(luz, "A", "insolvency"), _has(luz, "B", "insolvency")

    def days():
        with luz.inside():
            return dict(Customer.objects.order_by("code").values_list("code", "insolvent_on"))

    assert days() == {"A": DAY, "B": LATE}
    for each in (first, second):
        end_circumstance(circumstance_id=each.pk, **_who(luz))
    assert days() == {"A": None, "B": LATE}


def test_a_second_one_of_the_kind_waits_for_the_end_of_the_first_unless_that_is_over(luz):
    luz.customer("A", (60_000, LATE))
    _has(luz, "A", "complaint", from_on=DAY - timedelta(days=9), until_on=DAY - timedelta(days=2))
    _has(luz, "A", "complaint")
    with pytest.raises(CircumstanceOpen, match="ya tiene anotado «Reclamación ante consumo» desde el 20/11"):
        _has(luz, "A", "complaint")
    with pytest.raises(CircumstanceRefused, match="posterior"):
        _has(luz, "A", "deceased", until_on=DAY)
    with pytest.raises(CircumstanceRefused, match="no existe"):
        _has(luz, "A", "abducted")


def test_whoever_is_represented_is_written_to_through_the_lawyer_alone(luz):
    for code in ("CON", "SIN", "MUDO"):
        luz.customer(code, (60_000, LATE), reached=("email", "whatsapp"))
    _lawyer(luz, "CON", "ada@ley.example")
    _lawyer(luz, "MUDO")
    luz.run()
    for code in ("CON", "SIN", "MUDO"):
        _has(luz, code, "represented")
    assert luz.rules() == {"CON": "sale", "SIN": "represented", "MUDO": "represented"}
    assert luz.mail("CON").recipient == "ada@ley.example"
    luz.run(MONDAY)
    assert set(_planned(luz)) == {"CON"}


def test_an_address_that_was_refused_is_left_out_and_the_next_one_gets_it(luz):
    luz.customer("A", (60_000, LATE))
    with luz.inside():
        other = make.contact(customer=luz.customers["A"], role="owner", name="Eva")
        ContactPoint.objects.create(
            creditor=luz.creditor,
            customer=luz.customers["A"],
            contact=other,
            channel="email",
            value="eva@example.com",
        )
    luz.run()
    assert luz.mail("A").recipient == "a@example.com"
    _says(luz, "A", "email", "refused", "A@Example.com")
    assert luz.mail("A").recipient == "eva@example.com"
    _says(luz, "A", "email", "refused", "eva@example.com")
    assert luz.rules() == {"A": "opted_out"}
    _says(luz, "A", "email", "lifted", "a@example.com")
    assert luz.mail("A").recipient == "a@example.com"
    _says(luz, "A", "email", "refused")
    assert luz.rules() == {"A": "opted_out"}
    _says(luz, "A", "email", "granted", "eva@example.com")
    assert luz.mail("A").recipient == "eva@example.com"


def test_who_refuses_a_channel_is_planned_on_the_next_one_of_the_ladder(luz):
    luz.customer("CARTA", (60_000, LATE), reached=("email", "phone"))
    luz.customer("NADA", (60_000, LATE))
    for code in ("CARTA", "NADA"):
        _says(luz, code, "email", "refused")
    luz.run()
    assert _planned(luz) == {"CARTA": ["sms"]}
    luz.run(MONDAY)
    assert _planned(luz) == {"CARTA": ["sms"]}, "who refused every way is not planned for day after day"


def test_without_consent_whatsapp_is_passed_over_and_with_it_used(luz):
    for code in ("SIN", "CON", "SOLO"):
        luz.customer(code, (60_000, LATE), reached=("whatsapp", "phone") if code != "SOLO" else ("whatsapp",))
    _says(luz, "CON", "whatsapp", "granted")
    luz.run()
    assert _planned(luz) == {"SIN": ["sms"], "CON": ["whatsapp"]}
    with luz.inside():
        Message.objects.update(channel="whatsapp")
    assert luz.rules() == {"SIN": "no_consent", "CON": "sale"}
    _says(luz, "CON", "whatsapp", "refused")
    assert luz.rules()["CON"] == "opted_out"


def test_what_contracts_agree_to_counts_as_consent_until_the_customer_says_otherwise(luz):
    luz.customer("A", (60_000, LATE), country="CO", person_kind="consumer")
    luz.customer("B", (60_000, LATE), country="CO", person_kind="consumer")
    luz.run()
    assert _planned(luz) == {}
    luz.settings(agreed_channels=["email"])
    _says(luz, "B", "email", "refused")
    luz.run(MONDAY)
    assert set(_planned(luz)) == {"A"}
    assert luz.rules(NOW + timedelta(days=3, hours=6)) == {"A": "sale"}


def test_one_address_of_many_customers_is_written_to_so_often_a_day(luz):
    luz.settings(address_messages_max=2)
    for code in "ABCD":
        luz.customer(code, (60_000, LATE))
    with luz.inside():
        ContactPoint.objects.update(value="gestoria@example.com")
        ContactPoint.objects.filter(customer__code="B").update(value="Gestoria@example.com")
    luz.run()
    assert sorted(luz.rules().values()) == ["address_cap", "address_cap", "sale", "sale"]
    with luz.inside():
        sent = Message.objects.filter(customer__code="A")[0]
        make.send_message(sent, at=NOW - timedelta(hours=2), recipient="gestoria@example.com")
    assert sorted(luz.rules().values()) == ["address_cap", "address_cap", "sale"]
    refused = next(answer for answer in luz.looks().values() if isinstance(answer, Refused))
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    luz.settings(address_messages_max=None)
    assert set(luz.rules().values()) == {"sale"}


def test_an_attempt_that_failed_counts_as_a_contact_and_one_never_begun_does_not(luz):
    for code in ("FALLO", "NUNCA"):
        luz.customer(code, (60_000, LATE))
    luz.run()
    with luz.inside():
        for code, begun_at in {"FALLO": NOW - timedelta(hours=1), "NUNCA": None}.items():
            notice = make.message(customer=luz.customers[code], kind="pre_due", planned_on=DAY)
            mail = make.dispatch(customer=luz.customers[code], key=code, claimed_at=NOW)
            Message.objects.filter(pk=notice.pk).update(state="sending", dispatch=mail)
            end = {"state": "failed", "error": "No existe.", "finished_at": NOW}
            Dispatch.objects.filter(pk=mail.pk).update(begun_at=begun_at, **end)
            Message.objects.filter(pk=notice.pk).update(state="failed", reason="failed")
    assert luz.rules() == {"FALLO": "customer_cap", "NUNCA": "sale"}


def test_an_area_is_spared_by_its_postcodes_until_its_day_or_until_somebody_ends_it(luz):
    for code, postal_code in {"VALENCIA": "46 300", "MADRID": "28004", "NADIE": ""}.items():
        luz.customer(code, (60_000, LATE), postal_code=postal_code)
    luz.customer("LIMA", (60_000, LATE), postal_code="46300", country="PE")
    luz.run()
    new = NewAreaHold("es", ["46", "  ", "030"], "Inundaciones.", DAY, date(2026, 11, 30))
    hold = record_area_hold(new=new, **_who(luz))
    assert hold.prefixes == ["46", "030"]
    at = NOW + timedelta(hours=5)  # nine in Lima
    assert luz.rules(at) == {
        "VALENCIA": "area_hold",
        "MADRID": "sale",
        "NADIE": "sale",
        "LIMA": "sale",
    }
    (refused,) = [answer for answer in luz.looks("VALENCIA").values() if isinstance(answer, Refused)]
    assert refused.retry_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert refused.facts["reason"] == "Inundaciones."
    end_area_hold(hold_id=hold.pk, **_who(luz))
    assert luz.rules(at)["VALENCIA"] == "sale"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"prefixes": ["", " "]}, "prefixes"),
        ({"prefixes": ["*"]}, "prefixes"),
        ({"country": "España"}, "country"),
        ({"reason": " "}, "reason"),
        ({"until_on": DAY}, "until_on"),
    ],
)
def test_a_pause_without_place_reason_or_end_is_refused(luz, changed, field):
    said = {"country": "ES", "prefixes": ["46"], "reason": "Fuego", "from_on": DAY, "until_on": MONDAY}
    with pytest.raises(AreaRefused) as refused:
        record_area_hold(new=NewAreaHold(**said | changed), **_who(luz))
    assert refused.value.facts["field"] == field


def test_a_municipal_holiday_is_kept_where_it_is_one(luz):
    luz.customer("AQUI", (60_000, LATE), postal_code="46300")
    luz.customer("ALLI", (60_000, LATE), postal_code="46400")
    new = NewLocalHoliday("ES", "Utiel", "463", DAY, "Patrona")
    add_local_holiday(new=new, **_who(luz))
    luz.run()
    assert luz.rules() == {"AQUI": "holiday", "ALLI": "sale"}
    with pytest.raises(AreaRefused, match="ya está anotado"):
        add_local_holiday(new=new, **_who(luz))


def test_a_place_nobody_knows_has_the_national_holidays_and_that_is_known(luz):
    luz.settings(place="")
    luz.customer("SIN", (60_000, LATE))
    luz.customer("CON", (60_000, LATE), place="ES-AN")
    luz.customer("LIMA", (60_000, LATE), country="PE")
    luz.run()
    with luz.inside():
        places = judging_of(luz.creditor, luz.bundles(), now=NOW).places
    known = {luz.codes[pk]: (place.known, place.calendar) for pk, place in places.items()}
    assert known == {"SIN": (False, "ES"), "CON": (True, "ES-AN"), "LIMA": (True, "PE")}


def test_the_outlook_of_a_customer_is_what_the_gate_says_channel_by_channel(luz):
    luz.customer("A", (60_000, LATE), reached=("email", "phone", "whatsapp"))
    _says(luz, "A", "sms", "refused")
    evening = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # half past nine in Madrid
    with luz.inside():
        outlook = contact_outlook(luz.creditor, luz.customers["A"].pk, now=evening)
    ways = {way.channel: (way.now, way.at, way.rule) for way in outlook.ways}
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert ways == {
        "email": (False, monday, "Fuera de horario"),
        "sms": (False, None, "No quiere este canal"),
        "whatsapp": (False, None, "Sin autorización"),
        "letter": (False, None, "Sin dirección"),
        "call": (False, monday, "Fuera de horario"),
    }
    with luz.inside():
        at_ten = contact_outlook(luz.creditor, luz.customers["A"].pk, now=NOW)
    assert [way.channel for way in at_ten.ways if way.now] == ["email", "call"]
    assert at_ten.place_known


def test_what_cannot_be_said_of_a_channel_is_refused(luz):
    luz.customer("A", (60_000, LATE))
    for channel, state, address in (
        ("fax", "refused", ""),
        ("sms", "maybe", ""),
        ("sms", "refused", "a\u202eb"),
    ):
        with pytest.raises(ConsentRefused):
            _says(luz, "A", channel, state, address)


def test_a_mail_allowed_counts_for_the_address_in_the_same_batch(luz):
    luz.settings(address_messages_max=1)
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE))
    with luz.inside():
        ContactPoint.objects.update(value="casa@example.com")
    luz.run()
    answers = list(luz.looks().values())
    assert isinstance(answers[0], Allowed)
    assert getattr(answers[1], "rule", "") == "address_cap"
