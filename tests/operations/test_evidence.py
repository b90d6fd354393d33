"""The evidence pack: whole, verifiable by a stranger, the same bytes again, nothing that must not be in."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.contact_log import log_contact
from aldia.operations.evidence import NothingLogged, PeriodUnfit, export_evidence
from aldia.operations.outbox import claiming
from aldia.operations.replies import record_reply
from aldia.operations.strategies import set_strategy
from aldia.queries.rendering import Rendered
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.contact_chain import digest_of
from aldia.rules.shipped import shipped_strategies
from tests.operations.outbox.house import ACTOR, DAY, NOW, house_with_mail, pass_everything, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CANARY = "CANARIO-7391"
SECRET = "Le proponemos negociar una quita"


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Three customers written to, with HTML and an attachment; c1 is the canary's, c0 has answered."""
    pass_everything(monkeypatch)
    texts: Any = claiming.__dict__["written"]

    def written(creditor: Any, units: Any, **moment: Any) -> dict[str, Rendered]:
        return {key: _dressed(text) for key, text in texts(creditor, units, **moment).items()}

    monkeypatch.setattr(claiming, "written", written)
    creditor = house_with_mail(3)
    with transaction.atomic(), scope([creditor.pk]):
        set_strategy(creditor_id=creditor.pk, toml=shipped_strategies()["pymes"], now=NOW, actor=ACTOR)
        Customer.objects.filter(code="c0").update(name="Bar #[Tarde] \u202e <b>")
        Customer.objects.filter(code="c1").update(name=CANARY)
    send(creditor)
    for code, note in (("c0", "Paga el lunes"), ("c1", CANARY)):
        record_reply(
            creditor=creditor,
            customer_code=code,
            kind="promises",
            received_on=DAY,
            now=NOW,
            actor=ACTOR,
            note=note,
        )
    return creditor


def _dressed(text: Rendered) -> Rendered:
    from dataclasses import replace

    from aldia.channels.mail import Attachment

    body = f"Hola, {text.recipient_name}:\n\n#pagebreak() debe 100 €\n"
    if text.recipient_name == "c1":
        body += CANARY
    file = Attachment("factura.pdf", "application/pdf", f"%PDF {text.recipient_name}".encode())
    return replace(text, text=body, html=f"<p>{body}</p>", attachments=(file,))


def exported(creditor: Any, code: str = "c0", **period: Any) -> Any:
    return export_evidence(creditor=creditor, customer_code=code, actor=ACTOR, now=NOW, **period)


def inside(pack: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def verified(tmp_path: Any, files: dict[str, bytes], *options: str) -> tuple[int, str]:
    """What the pack's own verifier says, run by a bare Python without anything of ours."""
    for name, content in files.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    program = [sys.executable, "-I", "-S", str(tmp_path / "verificar.py"), *options]
    ran = subprocess.run(program, check=False, capture_output=True, text=True, cwd="/", timeout=60)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def test_a_stranger_verifies_it_with_nothing_but_the_pack(house, tmp_path):
    pack = exported(house)
    code, said = verified(tmp_path, inside(pack))
    assert (code, said.splitlines()[0]) == (0, "Todo cuadra: 2 anotaciones, 4 archivos.")
    assert pack.head in said
    assert verified(tmp_path, {}, "--cabeza", pack.head)[0] == 0
    assert "se esperaba" in verified(tmp_path, {}, "--cabeza", "0" * 64)[1]


def test_it_is_verified_as_a_zip_too(house, tmp_path):
    pack = exported(house)
    (tmp_path / "pack.zip").write_bytes(pack.content)
    files = {"verificar.py": inside(pack)["verificar.py"]}
    assert verified(tmp_path, files, str(tmp_path / "pack.zip"))[0] == 0


def test_one_byte_anywhere_is_found_and_the_entry_named(house, tmp_path):
    files = inside(exported(house))
    for name in sorted(files):
        if name == "verificar.py":
            continue
        content = files[name]
        for place in {0, len(content) // 3, len(content) // 2, len(content) - 2}:
            flipped = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            code, said = verified(tmp_path, {**files, name: flipped})
            assert code == 1, f"{name} at {place}: {said}"
            if name.startswith("contenido/") or name == "entries.jsonl":
                assert "anotación" in said, f"{name} at {place}: {said}"
    assert verified(tmp_path, files)[0] == 0


@pytest.mark.parametrize("gone", ["entry", "swap", "file", "extra"])
def test_what_is_left_out_moved_or_put_in_is_found(house, tmp_path, gone):
    files = inside(exported(house))
    lines = files["entries.jsonl"].decode().splitlines(keepends=True)
    content = next(name for name in files if name.startswith("contenido/"))
    changed = {
        "entry": {"entries.jsonl": lines[1].encode()},
        "swap": {"entries.jsonl": (lines[1] + lines[0]).encode()},
        "file": {content: b""},
        "extra": {"contenido/" + "0" * 64 + ".txt": b"x"},
    }[gone]
    code, said = verified(tmp_path, {**files, **changed})
    assert (code, said.startswith("NO CUADRA: ")) == (1, True)


def test_words_and_files_are_there_as_they_were_sent(house):
    files = inside(exported(house))
    text = "Hola, c0:\n\n#pagebreak() debe 100 €\n"
    contents = {name for name in files if name.startswith("contenido/")}
    assert contents == {
        f"contenido/{digest_of(text)}.txt",
        f"contenido/{digest_of(f'<p>{text}</p>')}.html",
        f"contenido/{digest_of('%PDF c0')}.pdf",
        f"contenido/{digest_of('Paga el lunes')}.txt",
    }
    assert files[f"contenido/{digest_of(text)}.txt"].decode() == text
    assert files["expediente.pdf"].startswith(b"%PDF-")


def test_the_same_books_give_the_same_bytes(house):
    assert exported(house).content == exported(house).content


def test_nothing_of_another_customer_is_in_it(house):
    files = inside(exported(house))
    assert CANARY.encode() in b"".join(inside(exported(house, "c1")).values()), "the canary sings where it is"
    for name, content in files.items():
        assert CANARY.encode() not in content, name
        assert b"c1@example.com" not in content, name


def test_what_was_offered_while_negotiating_is_never_in_it(house, tmp_path, monkeypatch):
    """Confidential in Spain: neither the words nor the entry, nor what was told of it; the chain holds."""
    with transaction.atomic(), scope([house.pk]):
        customer = Customer.objects.get(code="c0")
        secret = {
            "text_sha256": digest_of(SECRET),
            "title": SECRET,
            "messages": [{"template": "negotiation"}],
        }
        own = {"creditor_id": house.pk, "customer_id": customer.pk, "at": NOW, "actor": ACTOR}
        log_contact(**own, kind="sent", address="secreto@example.com", subject="dispatch:999", payload=secret)
        log_contact(
            **own, kind="delivery", subject="dispatch:999", payload={"state": "read", "detail": SECRET}
        )
        log_contact(
            **own, kind="reply", subject="reply:999", payload={"about": "dispatch:999", "detail": SECRET}
        )
        log_contact(
            **own, kind="reply", subject="reply:1000", payload={"confidential": True, "detail": SECRET}
        )
        log_contact(**own, kind="postponed", payload={"detail": "abierto"})
    pack = exported(house)
    files = inside(pack)
    assert (pack.entries, pack.shown) == (7, 3)
    for name, content in files.items():
        assert SECRET.encode() not in content, name
        assert b"negotiation" not in content or name == "verificar.py", name
        assert b"secreto@example.com" not in content, name
    code, said = verified(tmp_path, files)
    assert (code, said.splitlines()[0]) == (
        0,
        "Todo cuadra: 7 anotaciones, 4 de ellas solo con su huella, 4 archivos.",
    )


def test_a_mail_whose_step_is_a_negotiation_is_known_by_its_template(house, tmp_path):
    with transaction.atomic(), scope([house.pk]):
        customer = Customer.objects.get(code="c2")
        row = Message.objects.get(customer=customer)
        Message.objects.create(
            creditor=house,
            customer=customer,
            once_key="n",
            kind="dunning",
            step="negociar",
            template="negotiation",
            channel="email",
            bundle="",
            state="approved",
            approved_by="ana",
            approved_at=NOW,
            planned_on=DAY,
            run=row.run,
            due_line=row.due_line,
        )
    send(house, now=NOW + timedelta(minutes=1))
    pack = exported(house, "c2")
    assert (pack.entries, pack.shown) == (2, 1)
    assert verified(tmp_path, inside(pack))[0] == 0


def test_outside_the_period_there_are_only_fingerprints(house, tmp_path):
    later = NOW + timedelta(days=10)
    record_reply(
        creditor=house,
        customer_code="c0",
        kind="paid",
        received_on=DAY,
        now=later,
        actor=ACTOR,
        note="Ya pagué",
    )
    pack = exported(house, since=date(2026, 11, 25), until=date(2026, 12, 1))
    files = inside(pack)
    assert (pack.entries, pack.shown) == (3, 1)
    assert [name for name in files if name.startswith("contenido/")] == [
        f"contenido/{digest_of('Ya pagué')}.txt"
    ]
    assert verified(tmp_path, files)[0] == 0
    assert b"c0@example.com" not in files["entries.jsonl"]


def test_what_the_house_no_longer_has_is_said(house, tmp_path):
    with transaction.atomic(), scope([house.pk]):
        log_contact(
            creditor_id=house.pk,
            customer_id=Customer.objects.get(code="c0").pk,
            kind="certificate",
            at=NOW,
            actor=ACTOR,
            payload={"files": [{"name": "acuse.pdf", "sha256": digest_of("gone")}]},
        )
    pack = exported(house)
    files = inside(pack)
    assert pack.missing == 1
    assert json.loads(files["resumen.json"])["missing"] == [digest_of("gone")]
    assert verified(tmp_path, files)[0] == 0


def test_who_exported_what_is_in_the_audit_chain(house):
    pack = exported(house)
    with transaction.atomic(), scope([house.pk]):
        entry = AuditEntry.objects.get(verb="evidence.exported")
        customer = Customer.objects.get(code="c0")
    assert (entry.actor, entry.subject) == (ACTOR, f"customer:{customer.pk}")
    assert entry.payload["sha256"] == pack.sha256
    assert entry.payload["head"] == pack.head


def test_refusals_are_sentences(house):
    with pytest.raises(PeriodUnfit, match="acaba antes"):
        exported(house, since=date(2026, 2, 1), until=date(2026, 1, 1))
    with transaction.atomic(), scope([house.pk]):
        Customer.objects.create(creditor=house, code="nuevo", name="Nuevo")
    with pytest.raises(NothingLogged, match="No consta ningún contacto con «Nuevo»"):
        exported(house, "nuevo")
