"""News from providers of e-mail: let in by word and signature, kept raw once, in any order with one end."""

import base64
import hashlib
import hmac
import itertools
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from aldia.operations.channels import set_channel
from aldia.operations.creditors import create_creditor
from aldia.operations.hooks import NotSigned, apply_news, receive_news
from aldia.operations.inbound import take_in_waiting
from aldia.operations.outbox import approve
from aldia.operations.run import daily_run
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Task
from aldia.records.outreach.models import (
    Alert,
    DeliveryEvent,
    Dispatch,
    InboundMessage,
    OptOut,
    ProviderEvent,
)
from aldia.records.parties.models import Consent, Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.cli import books
from tests.fakes.mail_news import LIFE, told
from tests.fakes.mail_providers import fake_mail_provider
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.house import ACTOR, NOW, dispatches, messages, send
from tests.operations.outbox.mail_house import NAMES, basic, mail_knock, over_mail_provider

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOBODY = FakeProvider(port=9)


def creditor_at(provider, **more):
    creditor = make.creditor()
    over_mail_provider(creditor, NOBODY, provider, **more)
    with transaction.atomic(), scope([creditor.pk]):
        make.membership(creditor=creditor, role="manager")
    return creditor


def sent_mail(creditor, *, number=1, state="sent"):
    """A mail to ana<number>, whose provider's name is <number>, as all of them can call one."""
    address = f"ana{number}@example.com"
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor, code=f"C{number}")
        contact = make.contact(customer=customer)
        ContactPoint.objects.create(
            creditor=creditor, customer=customer, contact=contact, channel="email", value=address
        )
        return make.dispatch(
            customer=customer,
            key=f"k{number}",
            unit=f"k{number}",
            recipient=address,
            message_id=f"<aldia.{number}@example.com>",
            state=state,
            claimed_at=NOW,
            begun_at=NOW,
            finished_at=None if state == "claimed" else NOW,
            error="duda" if state == "unknown" else "",
            provider_id=str(number) if state == "sent" else "",
        )


def tell(creditor, provider, what, dispatch, **more):
    body = told(
        provider,
        what,
        name=dispatch.key.removeprefix("k"),
        reference=dispatch.message_id.strip("<>"),
        to=dispatch.recipient,
    )
    return receive_news(mail_knock(creditor, provider, body, **more), now=NOW)


def apply(creditor, now=NOW):
    return apply_news(creditor=creditor, actor=ACTOR, now=now)


def standing(creditor, dispatch):
    """All that news may change, without when they came."""
    with transaction.atomic(), scope([creditor.pk]):
        kept = Dispatch.objects.get(pk=dispatch.pk)
        of = {"customer": dispatch.customer_id}
        return {
            "state": kept.state,
            "delivery": kept.delivery,
            "told": sorted(
                {state for (state,) in DeliveryEvent.objects.filter(dispatch=dispatch).values_list("state")}
            ),
            "tasks": list(Task.objects.filter(**of).values_list("kind", flat=True)),
            "quality": ContactPoint.objects.get(**of).quality,
            "refused": [
                each.partition("@")[2]
                for each in OptOut.objects.filter(**of).values_list("address", flat=True)
            ],
            "consents": list(Consent.objects.filter(**of).values_list("channel", "state")),
            "alerts": sorted(Alert.objects.filter(**of).values_list("kind", flat=True)),
        }


def kept_news(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return list(ProviderEvent.objects.order_by("pk"))


@pytest.mark.slow
@pytest.mark.parametrize("provider", NAMES)
def test_every_order_of_a_mails_life_with_duplicates_ends_the_same(provider):
    life = [each for each in LIFE if (provider, each) != ("resend", "unsubscribed")]
    orders = list(itertools.permutations(life))
    seed = random.randrange(10**6)
    rng, ends = random.Random(seed), []
    creditor = creditor_at(provider)
    for number, order in enumerate(rng.sample(orders, 24), 1):
        dispatch = sent_mail(creditor, number=number)
        for what in order:
            for _ in range(rng.randint(1, 3)):
                tell(creditor, provider, what, dispatch)
            if rng.random() < 0.5:
                apply(creditor)
        apply(creditor)
        ends.append(standing(creditor, dispatch))
    assert ends[0] == {
        "state": "sent",
        "delivery": "complained",
        "told": ["bounced", "complained", "delivered", "queued"],
        "tasks": ["bad_address"],
        "quality": "bad",
        "refused": ["example.com"],
        "consents": [("email", "refused")],
        "alerts": ["bounce", "opt_out"],
    }
    assert ends == [ends[0]] * 24, f"seed {seed}"


@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("what", ["soft", "blocked"])
def test_what_is_not_the_addresss_fault_leaves_it_good_and_asks_a_person(provider, what):
    creditor = creditor_at(provider)
    dispatch = sent_mail(creditor)
    tell(creditor, provider, what, dispatch)
    apply(creditor)
    end = standing(creditor, dispatch)
    assert (end["delivery"], end["tasks"], end["quality"]) == ("failed", ["mail_failed"], "unknown")
    assert (end["refused"], end["alerts"]) == ([], ["failed"])


@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("what", ["opened", "clicked"])
def test_that_somebody_looked_is_not_even_kept(provider, what):
    creditor = creditor_at(provider)
    assert tell(creditor, provider, what, sent_mail(creditor)) == 0
    assert kept_news(creditor) == []


def test_the_others_in_the_same_request_are_kept():
    creditor = creditor_at("sendgrid")
    dispatch = sent_mail(creditor)
    said = {"name": "1", "reference": "aldia.1@example.com", "to": dispatch.recipient}
    both = [json.loads(told("sendgrid", what, **said))[0] for what in ("opened", "delivered")]
    receive_news(mail_knock(creditor, "sendgrid", json.dumps(both).encode()), now=NOW)
    assert apply(creditor).applied == {"delivered": 1}
    (event,) = kept_news(creditor)
    assert (event.channel, event.source, event.payload["event"]) == ("email", "sendgrid", "delivered")


@pytest.mark.parametrize("provider", NAMES)
def test_a_mail_is_found_by_our_own_name_where_the_providers_is_not_known_and_a_doubt_ends(provider):
    creditor = creditor_at(provider)
    dispatch = sent_mail(creditor, state="unknown")
    tell(creditor, provider, "delivered", dispatch)
    apply(creditor)
    (after,) = dispatches(creditor)
    assert (after.state, after.delivery, after.resolved_by) == ("sent", "delivered", provider)


def test_a_refusal_waits_for_nothing_and_no_mail_of_ours():
    """Of a mail under way, and of none: whoever wants no more is not written to again."""
    creditor = creditor_at("postmark")
    under_way = sent_mail(creditor, state="claimed")
    tell(creditor, "postmark", "complained", under_way)
    report = apply(creditor)
    assert (report.waiting, standing(creditor, under_way)["refused"]) == (1, ["example.com"])
    other = told("postmark", "unsubscribed", name="?", reference="?", to="Nadie@Otra.example")
    receive_news(mail_knock(creditor, "postmark", other), now=NOW)
    assert apply(creditor).applied == {"refused": 1}
    with transaction.atomic(), scope([creditor.pk]):
        assert set(OptOut.objects.values_list("address", flat=True)) == {
            under_way.recipient,
            "nadie@otra.example",
        }
        verbs = AuditEntry.objects.filter(verb="delivery.opted_out")
        assert verbs.count() == 2
        note = Consent.objects.get().note
    assert note == "Marcó un correo como no deseado: lo dice el proveedor."


@pytest.mark.slow
def test_a_bounce_told_by_the_provider_goes_on_by_the_next_channel_once():
    creditor = create_creditor(
        name="Papelería Luz", country="ES", code="luz", actor=ACTOR, now=books.NOW
    ).creditor
    books.write_books(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
        ContactPoint.objects.create(**of, contact=contact, channel="phone", value="+34600000001")
    in_house: dict[str, Any] = {"channel": "sms", "provider": "mailbox", "settings": {}, "secrets": {}}
    set_channel(creditor=creditor, actor=ACTOR, now=books.NOW, **in_house)
    daily_run(creditor=creditor, on=books.DAY, actor=ACTOR, now=books.NOW)
    approve(creditor=creditor, actor=ACTOR, now=books.NOW)
    with fake_mail_provider() as fake, pytest.MonkeyPatch.context() as patch:
        patch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
        over_mail_provider(creditor, fake, "postmark")
        assert send(creditor, now=books.NOW).sent == 1
    (dispatch,) = dispatches(creditor)
    body = told(
        "postmark",
        "bounced",
        name=dispatch.provider_id,
        reference=dispatch.message_id.strip("<>"),
        to=dispatch.recipient,
    )
    for _ in range(2):
        receive_news(mail_knock(creditor, "postmark", body), now=books.NOW)
        apply_news(creditor=creditor, actor=ACTOR, now=books.NOW)
    first, *others = messages(creditor)
    assert (first.state, first.channel) == ("sent", "email")
    assert [(each.state, each.channel, each.step) for each in others] == [("planned", "sms", first.step)]


# --- who may tell -------------------------------------------------------------------------------------------

FORGED: dict[str, dict[str, Any]] = {
    "no word": {"headers": {"Authorization": ""}},
    "another word": {"headers": {"Authorization": basic("otra")}},
    "an empty word": {"headers": {"Authorization": basic("")}},
    "another name": {"headers": {"Authorization": basic("x", user="admin")}},
    "letters outside ASCII": {"headers": {"Authorization": "Basic ñandú"}},
    "of another provider": {"source": "brevo"},
    "of a source that is not there": {"source": "ses"},
    "of nobody": {"code": "no-existe"},
}


@pytest.mark.parametrize("forged", FORGED)
def test_whoever_does_not_know_the_word_is_refused_and_nothing_is_kept(forged):
    creditor = creditor_at("postmark")
    dispatch = sent_mail(creditor)
    with pytest.raises(NotSigned):
        tell(creditor, "postmark", "complained", dispatch, **FORGED[forged])
    assert kept_news(creditor) == []


def test_another_creditors_word_opens_nothing():
    mine, other = creditor_at("postmark"), creditor_at("postmark")
    dispatch = sent_mail(mine)
    with pytest.raises(NotSigned):
        tell(other, "postmark", "bounced", dispatch, code=mine.code)


def _mailgun_signed(body, key):
    whole = json.loads(body)
    digest = hmac.new(key, b"1795165200token", hashlib.sha256).hexdigest()
    whole["signature"] = {"timestamp": "1795165200", "token": "token", "signature": digest}
    return json.dumps(whole).encode()


def test_mailgun_signs_where_its_key_is_written_down():
    creditor = creditor_at("mailgun", secrets={"signing_key": "firma"})
    body = told("mailgun", "delivered", name="1", reference="aldia.1@example.com", to="ana@example.com")
    for forged in (body, _mailgun_signed(body, b"otra"), b"{}", b"x", b"[1]"):
        with pytest.raises(NotSigned):
            receive_news(mail_knock(creditor, "mailgun", forged), now=NOW)
    assert receive_news(mail_knock(creditor, "mailgun", _mailgun_signed(body, b"firma")), now=NOW) == 1
    again = json.loads(_mailgun_signed(body, b"firma"))
    assert receive_news(mail_knock(creditor, "mailgun", json.dumps(again).encode()), now=NOW) == 0


def test_resend_signs_where_its_key_is_written_down_and_no_old_one_counts():
    key = b"0123456789abcdef01234567"
    secret = "whsec_" + base64.b64encode(key).decode()
    creditor = creditor_at("resend", secrets={"signing_key": secret})
    body = told("resend", "delivered", name="1", reference="aldia.1@example.com", to="ana@example.com")

    def knock(*, at=NOW, by=key, over=body, **headers):
        moment = str(int(at.timestamp()))
        digest = hmac.new(by, f"msg_1.{moment}.".encode() + over, hashlib.sha256).digest()
        signed = f"v1,bm9uZQ== v1,{base64.b64encode(digest).decode()}"
        heads = {"svix-id": "msg_1", "svix-timestamp": moment, "svix-signature": signed, **headers}
        return mail_knock(creditor, "resend", body, headers=heads)

    wrong = [
        knock(by=b"otra"),
        knock(over=b"{}"),
        knock(at=NOW - timedelta(hours=1)),
        knock(**{"svix-id": "msg_2"}),
        knock(**{"svix-signature": ""}),
        knock(**{"svix-timestamp": "ayer"}),
        mail_knock(creditor, "resend", body),
    ]
    for each in wrong:
        with pytest.raises(NotSigned):
            receive_news(each, now=NOW)
    assert receive_news(knock(), now=NOW) == 1


def test_sendgrid_signs_where_its_public_key_is_written_down():
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    creditor = creditor_at("sendgrid", settings={"verification_key": pem.decode()})
    body = told("sendgrid", "delivered", name="1", reference="aldia.1@example.com", to="ana@example.com")

    def knock(signed_over):
        signature = private.sign(b"1795165200" + signed_over, ec.ECDSA(hashes.SHA256()))
        return mail_knock(
            creditor,
            "sendgrid",
            body,
            headers={
                "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
                "X-Twilio-Email-Event-Webhook-Timestamp": "1795165200",
            },
        )

    for forged in (mail_knock(creditor, "sendgrid", body), knock(b"[]")):
        with pytest.raises(NotSigned):
            receive_news(forged, now=NOW)
    assert receive_news(knock(body), now=NOW) == 1


# --- bad input ----------------------------------------------------------------------------------------------

NONSENSE = [
    b"",
    b"x",
    b"\xff\x00",
    b"null",
    b"[]",
    b"[null, 1, []]",
    b"{}",
    b'{"event": null}',
    b'{"event": "?", "RecordType": 7, "type": {}}',
    b'{"event-data": null}',
    b'{"event-data": {"event": "failed", "delivery-status": null, "timestamp": "x"}}',
    b'{"RecordType": "Bounce", "Type": [], "BouncedAt": 7, "Metadata": []}',
    b'[{"event": "bounce", "timestamp": "x"}]',
    b'{"event": "hard_bounce", "ts_epoch": NaN}',
    b'{"type": "email.bounced", "data": {"bounce": null, "to": []}}',
    b'{"event": "hard_bounce", "email": "a\\u0000\\ud800@b.es", "ts_epoch": 1e300}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("provider", NAMES)
def test_nonsense_is_taken_kept_at_most_and_holds_nobody_up(provider):
    creditor = creditor_at(provider)
    dispatch = sent_mail(creditor)
    for body in NONSENSE:
        receive_news(mail_knock(creditor, provider, body), now=NOW)
    tell(creditor, provider, "delivered", dispatch)
    apply(creditor)
    assert dispatches(creditor)[0].delivery == "delivered"
    apply(creditor, NOW + timedelta(hours=1))
    assert not [
        each for each in kept_news(creditor) if each.processed_at is None and each.external_id[:3] == "st:"
    ]


# --- answers ------------------------------------------------------------------------------------------------

RAW = (
    "From: Ana <ana1@example.com>\r\nTo: respuestas@example.com\r\nSubject: Re: Aviso\r\n"
    "Message-ID: <r1@cliente.example>\r\nIn-Reply-To: <aldia.1@example.com>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Ya pagué ayer por transferencia.\r\n"
)
HEADS = {
    "From": "Ana <ana1@example.com>",
    "To": "respuestas@example.com",
    "Subject": "Re: Aviso",
    "Message-ID": "<r1@cliente.example>",
    "In-Reply-To": "<aldia.1@example.com>",
}
WORDS = "Ya pagué ayer por transferencia."


def multipart(fields):
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--x--\r\n"]).encode(), {"Content-Type": "multipart/form-data; boundary=x"}


def as_json(said):
    return json.dumps(said).encode(), {}


def brought(provider):
    """(body, headers) of an answer as the provider brings it."""
    heads = [
        {"Name": name, "Value": value}
        for name, value in HEADS.items()
        if name not in ("From", "To", "Subject")
    ]
    pairs = json.dumps(list(HEADS.items()))
    in_lines = "".join(f"{name}: {value}\n" for name, value in HEADS.items())
    envelope = json.dumps({"from": "ana1@example.com", "to": ["respuestas@example.com"]})
    signed = {"timestamp": "1795165200", "token": "t", "signature": "s", "recipient": "r@example.com"}
    return {
        "postmark": lambda: as_json(
            {
                "FromFull": {"Email": "ana1@example.com", "Name": "Ana"},
                "ToFull": [{"Email": "respuestas@example.com", "Name": ""}],
                "Subject": "Re: Aviso",
                "Headers": heads,
                "TextBody": WORDS,
                "MessageID": "uuid",
            }
        ),
        "postmark_raw": lambda: as_json({"FromFull": {"Email": "x"}, "RawEmail": RAW}),
        "mailgun": lambda: multipart(signed | {"message-headers": pairs, "body-plain": WORDS}),
        "mailgun_raw": lambda: multipart(signed | {"body-mime": RAW}),
        "sendgrid": lambda: multipart({"headers": in_lines, "text": WORDS, "envelope": envelope}),
        "sendgrid_raw": lambda: multipart({"email": RAW, "envelope": envelope}),
        "brevo": lambda: as_json(
            {
                "items": [
                    {
                        "Uuid": ["u"],
                        "Headers": HEADS,
                        "RawTextBody": WORDS,
                        "Attachments": [{"Name": "justificante.pdf", "DownloadToken": "x"}],
                    }
                ]
            }
        ),
        "mailjet": lambda: as_json(
            {"Headers": HEADS, "Parts": [], "Text-part": WORDS, "Sender": "ana1@example.com"}
        ),
    }[provider]()


@pytest.mark.parametrize(
    "form",
    ["postmark", "postmark_raw", "mailgun", "mailgun_raw", "sendgrid", "sendgrid_raw", "brevo", "mailjet"],
)
def test_an_answer_that_a_provider_brings_comes_in_by_the_door_of_all_mails(form):
    provider = form.partition("_")[0]
    creditor = creditor_at(provider)
    dispatch = sent_mail(creditor)
    body, headers = brought(form)
    assert receive_news(mail_knock(creditor, provider, body, headers=headers), now=NOW) == 1
    assert receive_news(mail_knock(creditor, provider, body, headers=headers), now=NOW) == 0
    assert take_in_waiting(creditor=creditor, actor=ACTOR, now=NOW).answers == 1
    with transaction.atomic(), scope([creditor.pk]):
        answer = InboundMessage.objects.get()
    assert (answer.customer_id, answer.dispatch_id) == (dispatch.customer_id, dispatch.pk)
    assert (answer.sender, answer.subject, answer.text.strip(), answer.kind) == (
        "ana1@example.com",
        "Re: Aviso",
        WORDS,
        "paid",
    )
    assert answer.attachments == (["justificante.pdf"] if form == "brevo" else [])


def test_an_answer_is_tied_by_the_id_that_the_provider_gave_the_mail():
    creditor = creditor_at("brevo")
    dispatch = sent_mail(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        Dispatch.objects.filter(pk=dispatch.pk).update(provider_id="<1@smtp-relay.mailin.fr>")
    heads = HEADS | {"In-Reply-To": "<1@smtp-relay.mailin.fr>", "From": "Otra <otra@example.com>"}
    body, _ = as_json({"items": [{"Headers": heads, "RawTextBody": "BAJA"}]})
    receive_news(mail_knock(creditor, "brevo", body), now=NOW)
    taken = take_in_waiting(creditor=creditor, actor=ACTOR, now=NOW)
    assert (taken.answers, taken.opted_out) == (1, 1)


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid", "postmark", "brevo", "mailjet"])
def test_an_answer_that_cannot_be_read_is_kept_as_it_came(provider):
    creditor = creditor_at(provider)
    body, headers = (
        multipart({"nothing": "here"})
        if provider in ("mailgun", "sendgrid")
        else as_json({"FromFull": 7, "items": 7, "Headers": 7})
    )
    assert receive_news(mail_knock(creditor, provider, body, headers=headers), now=NOW) == 1
    (event,) = kept_news(creditor)
    assert event.external_id.startswith("raw:")
