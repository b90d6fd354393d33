"""A mail by a provider says what it says over SMTP, whoever carries it; and what its answers mean."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aldia.channels.composing import composed
from aldia.channels.email import PROVIDERS, MailProviderTransport, ProviderAccount
from aldia.channels.http import Answer
from aldia.channels.mail import Attachment, Down, Mail, NotSent, Sender, Sent, Unknown
from aldia.channels.provider import Meaning
from tests.fakes.mail_providers import fake_mail_provider
from tests.fakes.provider import FakeProvider

NAMES = tuple(PROVIDERS)
KEEP_OUR_ID = ("postmark", "mailgun", "sendgrid")
PDF = Attachment("Factura ñ.pdf", "application/pdf", b"%PDF-1.7")
DUE = Attachment("vencimiento.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:ñ\r\n".encode())


def mail(**more: Any) -> Mail:
    said: dict[str, Any] = {
        "key": "k",
        "message_id": "<aldia.1@example.com>",
        "sender": Sender("cobros@example.com", "Ñandú, S.L.", "respuestas@example.com"),
        "recipient": "ana@cañón.example",
        "recipient_name": "Ana «la»\n=1+1 {{7*7}} <b>",
        "subject": "Factura\r\nBcc: x@example.com",
        "text": "Debe 100 €.\n.\n",
        "html": "<p>Debe 100 €.</p>",
        "language": "es",
        "at": datetime(2026, 11, 20, tzinfo=UTC),
        "refusable": True,
        "attachments": (PDF, DUE),
    }
    return Mail(**said | more)


def over(provider: str, fake: FakeProvider, **more: Any) -> MailProviderTransport:
    account = ProviderAccount(
        provider,
        {"api_key": "muy-secreta", "secret_key": "tambien"},
        {"domain": "mg.example.com"},
        base_url=fake.url,
        timeout_seconds=1.5,
    )
    return MailProviderTransport(account)


def read(provider: str, said: Any) -> dict[str, Any]:
    """What a provider has been told, in the same words for all."""
    files: dict[str, bytes] = {}
    match provider:
        case "postmark":
            headers = {each["Name"]: each["Value"] for each in said["Headers"]}
            files = {each["Name"]: base64.b64decode(each["Content"]) for each in said["Attachments"]}
            texts = said["Subject"], said["TextBody"], said["HtmlBody"], said["ReplyTo"]
            sender = said["From"]
        case "mailgun":
            headers = {name[2:]: value for name, value in said.items() if name.startswith("h:")}
            files = {n.partition(":")[2]: v.encode() for n, v in said.items() if n.startswith("attachment:")}
            texts = said["subject"], said["text"], said["html"], headers.pop("Reply-To")
            sender = said["from"]
        case "sendgrid":
            headers = said["headers"]
            files = {each["filename"]: base64.b64decode(each["content"]) for each in said["attachments"]}
            parts = {each["type"]: each["value"] for each in said["content"]}
            reply_to = said["reply_to_list"][0]["email"]
            texts = said["subject"], parts["text/plain"], parts["text/html"], reply_to
            sender = said["from"]["name"]
        case "brevo":
            headers = said["headers"]
            files = {each["name"]: base64.b64decode(each["content"]) for each in said["attachment"]}
            texts = said["subject"], said["textContent"], said["htmlContent"], said["replyTo"]["email"]
            sender = said["sender"]["email"]
        case "mailjet":
            whole = said["Globals"]
            headers = whole["Headers"]
            files = {
                each["Filename"]: base64.b64decode(each["Base64Content"]) for each in whole["Attachments"]
            }
            texts = whole["Subject"], whole["TextPart"], whole["HTMLPart"], whole["ReplyTo"]["Email"]
            sender = whole["From"]["Name"]
        case _:
            headers = said["headers"]
            files = {each["filename"]: base64.b64decode(each["content"]) for each in said["attachments"]}
            texts = said["subject"], said["text"], said["html"], said["reply_to"][0]
            sender = said["from"]
    return {
        "headers": {name.lower(): value for name, value in headers.items()},
        "files": files,
        "texts": texts,
        "sender": sender,
    }


@pytest.mark.parametrize("provider", NAMES)
def test_the_mail_says_what_it_says_over_smtp(provider):
    whole = composed(mail())
    with fake_mail_provider() as fake:
        transport = over(provider, fake)
        assert transport.ready() is None
        outcome = transport.send(mail())
    assert isinstance(outcome, Sent), outcome
    (request,) = fake.requests
    assert request["provider"] == provider
    told = read(provider, request["said"])
    assert told["texts"] == (str(whole["Subject"]), mail().text, mail().html, "respuestas@example.com")
    assert "\n" not in told["texts"][0] + request["to"]
    for name in ("Auto-Submitted", "List-Unsubscribe", "Content-Language"):
        assert told["headers"][name.lower()] == str(whole[name])
    assert told["headers"].get("message-id") == (mail().message_id if provider in KEEP_OUR_ID else None)
    assert told["files"] == {PDF.name: PDF.content, DUE.name: DUE.content}
    assert "cobros@example.com" in json.dumps(request["said"])
    assert request["to"].endswith("ana@xn--can-8mak.example") or request["to"].endswith("example>")
    assert request["reference"] == "aldia.1@example.com"


@pytest.mark.parametrize("provider", NAMES)
def test_the_key_is_in_the_request_and_nowhere_else(provider):
    with fake_mail_provider() as fake:
        transport = over(provider, fake)
        transport.send(mail())
    heads = fake.requests[0]["headers"]
    shown = {name: heads.get(name, "") for name in ("authorization", "api-key", "x-postmark-server-token")}
    in_clear = " ".join(shown.values())
    in_basic = base64.b64decode(shown["authorization"].removeprefix("Basic ")) if "Basic" in in_clear else b""
    assert "muy-secreta" in in_clear + in_basic.decode()
    assert "muy-secreta" not in repr(transport) + json.dumps(fake.requests[0]["said"])


@pytest.mark.parametrize("provider", ["postmark", "mailgun", "sendgrid", "mailjet"])
def test_nobody_is_watched_where_it_can_be_said_with_each_mail(provider):
    with fake_mail_provider() as fake:
        over(provider, fake).send(mail())
    said = fake.requests[0]["said"]
    off = {
        "postmark": lambda: (said["TrackOpens"], said["TrackLinks"]) == (False, "None"),
        "mailgun": lambda: (said["o:tracking-opens"], said["o:tracking-clicks"]) == ("no", "no"),
        "sendgrid": lambda: not any(each["enable"] for each in said["tracking_settings"].values()),
        "mailjet": lambda: (
            (said["Globals"]["TrackOpens"], said["Globals"]["TrackClicks"]) == ("disabled", "disabled")
        ),
    }
    assert off[provider]()


@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize(
    "recipient", ["", "ana", "ana@", "a@b.es, c@d.es", "ñandú@example.com", "a@b.es\nBcc: c@d.es", "a@-.es"]
)
def test_what_is_not_one_address_is_never_handed_over(provider, recipient):
    with fake_mail_provider() as fake:
        outcome = over(provider, fake).send(mail(recipient=recipient))
    assert isinstance(outcome, NotSent)
    assert (outcome.permanent, outcome.bad_address, fake.asked) == (True, True, 0)


@pytest.mark.parametrize("provider", NAMES)
def test_an_unfit_sender_is_nobodys_address(provider):
    with fake_mail_provider() as fake:
        outcome = over(provider, fake).send(mail(sender=Sender("cobros")))
    assert isinstance(outcome, NotSent)
    assert (outcome.permanent, outcome.bad_address, fake.asked) == (False, False, 0)


def test_what_a_provider_cannot_carry_is_not_sent_and_says_so():
    wrong = Attachment("factura.pdf", "text/plain", b"x")
    with fake_mail_provider() as fake:
        outcome = over("resend", fake).send(mail(attachments=(wrong,)))
    assert isinstance(outcome, NotSent)
    assert (outcome.permanent, outcome.bad_address, fake.asked) == (True, False, 0)
    assert outcome.reason.startswith("Resend no admite algo de este mensaje")


@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_no_to_the_question_closes_the_way_only_where_it_says_that_the_key_is_wrong(provider, status):
    with fake_mail_provider(probe_status=status) as fake:
        down = over(provider, fake).ready()
    assert isinstance(down, Down) == PROVIDERS[provider].judges


@pytest.mark.parametrize("provider", NAMES)
def test_a_key_that_is_not_accepted_closes_the_way(provider):
    with fake_mail_provider(faults=["no_login"]) as fake:
        transport = over(provider, fake)
        assert transport.ready() is None
        outcome = transport.send(mail())
        assert isinstance(outcome, NotSent)
        assert not outcome.permanent
        assert isinstance(transport.ready(), Down)


def test_resend_is_asked_again_under_the_same_key_and_takes_it_once():
    for fault in ("reset_before", "reset_after", "silent_after", "500", "502_html"):
        with fake_mail_provider(faults=[fault]) as fake:
            outcome = over("resend", fake).send(mail())
            assert isinstance(outcome, Sent), fault
            assert (len(fake.taken), fake.asked) == (1, 2), fault
            assert {each["headers"]["idempotency-key"] for each in fake.requests} == {"aldia.1@example.com"}


@pytest.mark.parametrize("second", ["reset_after", "429", "bad_number", "no_login", "500"])
def test_a_second_answer_that_clears_nothing_up_leaves_the_doubt(second):
    with fake_mail_provider(faults=["reset_after", second]) as fake:
        assert isinstance(over("resend", fake).send(mail()), Unknown)


def test_only_resend_is_asked_again():
    for provider in set(NAMES) - {"resend"}:
        with fake_mail_provider(faults=["reset_after"]) as fake:
            assert isinstance(over(provider, fake).send(mail()), Unknown)
            assert fake.asked == 1


MEANINGS = [
    ("postmark", 422, {"ErrorCode": 406, "Message": "inactive"}, Meaning.BAD_ADDRESS),
    ("postmark", 422, {"ErrorCode": 300, "Message": "Error parsing 'To': Illegal"}, Meaning.BAD_ADDRESS),
    ("postmark", 422, {"ErrorCode": 300, "Message": "Invalid 'From' address"}, Meaning.DOWN),
    ("postmark", 422, {"ErrorCode": 400, "Message": "Sender signature not found"}, Meaning.DOWN),
    ("postmark", 422, {"ErrorCode": 9999, "Message": "?"}, Meaning.NEVER),
    ("postmark", 422, {"ErrorCode": "x"}, None),
    ("mailgun", 404, {"message": "Domain not found: x"}, Meaning.DOWN),
    ("mailgun", 400, {"message": "to parameter is not a valid address"}, Meaning.BAD_ADDRESS),
    ("mailgun", 400, {"message": "'from' parameter is not a valid address"}, Meaning.DOWN),
    ("mailgun", 403, {"message": "Domain is disabled"}, Meaning.DOWN),
    ("mailgun", 402, None, Meaning.DOWN),
    ("mailgun", 413, None, Meaning.NEVER),
    ("mailgun", 403, None, None),
    (
        "sendgrid",
        403,
        {"errors": [{"message": "not a verified Sender Identity", "field": "from"}]},
        Meaning.DOWN,
    ),
    ("sendgrid", 401, {"errors": [{"message": "Maximum credits exceeded", "field": None}]}, Meaning.DOWN),
    ("sendgrid", 400, {"errors": "x"}, None),
    ("brevo", 402, {"code": "not_enough_credits", "message": "x"}, Meaning.DOWN),
    ("brevo", 400, {"code": "invalid_parameter", "message": "valid sender email required"}, Meaning.DOWN),
    ("brevo", 400, {"code": "invalid_parameter", "message": "email is not valid in to"}, Meaning.BAD_ADDRESS),
    ("mailjet", 400, {"Messages": [{"Errors": [{"ErrorRelatedTo": ["From"]}]}]}, Meaning.DOWN),
    ("mailjet", 400, {"Messages": []}, None),
    ("resend", 403, {"name": "validation_error", "message": "The x domain is not verified"}, Meaning.DOWN),
    ("resend", 422, {"name": "validation_error", "message": "Invalid `to` field"}, Meaning.BAD_ADDRESS),
]


@pytest.mark.parametrize(("provider", "status", "said", "meaning"), MEANINGS)
def test_what_an_error_means(provider, status, said, meaning):
    found = PROVIDERS[provider].refusal(Answer(status, said, ""))
    assert (found.meaning if found else None) == meaning
