"""What goes with a message, and whose copy a file is: for whatever there is and however it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.copies import (
    ATTACHED_MAX,
    CopyFile,
    CopyMode,
    Occasion,
    OnHand,
    attached_name,
    occasion_of,
    shared,
)
from aldia.rules.copy_names import keys_in, match_by_name, number_key
from aldia.rules.texts.uses import KINDS

MIB = 1024 * 1024


def pdf(number: int, size: int = 100, kind: str = "pdf") -> CopyFile:
    return CopyFile(number, kind, "application/pdf", size, "0" * 64)


def test_every_kind_of_text_has_its_place_or_none():
    placed = {template: occasion_of(template) for template in KINDS}
    assert placed["delivery"] == placed["acceptance"] == Occasion.DELIVERY
    assert placed["friendly"] == placed["pre_due"] == Occasion.REMINDERS
    assert placed["formal_demand"] == Occasion.DEMANDS
    assert placed["copy"] == Occasion.REQUEST
    assert occasion_of("mi_recordatorio") == Occasion.REMINDERS
    for spoken in ("wrong_person", "voicemail", "opt_out", "fix_contact", "courtesy", "free", ""):
        assert occasion_of(spoken) is None


def test_files_are_attached_until_there_is_no_room_and_then_linked_or_left_out():
    several = [
        OnHand(1, "A", (pdf(1, 6 * MIB),)),
        OnHand(2, "B", (pdf(2, 5 * MIB),), link="https://a.example/b"),
        OnHand(3, "C", (pdf(3, 5 * MIB),)),
        OnHand(4, "D", (pdf(4, 4 * MIB), pdf(5, MIB, "xml"))),
        OnHand(5, "E", link="https://a.example/e"),
    ]
    attached = [(CopyMode.ATTACHED, each) for each in several]
    a, b, c, d, e = shared(attached, may_attach=True, bytes_max=10 * MIB)
    assert [each.id for each in a.attached] == [1]
    assert (b.attached, b.url, b.is_left_out) == ((), "https://a.example/b", False)
    assert (c.url, c.is_left_out) == ("", True)
    assert [each.id for each in d.attached] == [4]  # the XML has no room any more
    assert e.url == "https://a.example/e"


def test_linked_prefers_the_given_address_and_a_file_that_cannot_be_reached_stays_home():
    house = OnHand(1, "A", (pdf(1),), address="https://casa.example/1")
    given_ = OnHand(2, "B", (pdf(2),), link="https://erp.example/2", address="https://casa.example/2")
    alone = OnHand(3, "C", (pdf(3),))
    linked = [(CopyMode.LINKED, each) for each in (house, given_, alone)]
    told = shared(linked, may_attach=True, bytes_max=MIB)
    assert [(each.document_id, each.url) for each in told] == [
        (1, "https://casa.example/1"),
        (2, "https://erp.example/2"),
    ]
    attached = [(CopyMode.ATTACHED, each) for each in (house, alone)]
    (short,) = shared(attached, may_attach=False, bytes_max=MIB)
    assert (short.document_id, short.url) == (1, "https://casa.example/1")
    assert shared([(CopyMode.NEITHER, house)], may_attach=True, bytes_max=MIB) == ()


FILES = st.lists(st.integers(1, 5 * MIB), max_size=2)
HANDS = st.lists(st.tuples(st.sampled_from(CopyMode), FILES, st.booleans(), st.booleans()), max_size=60)


@given(HANDS, st.booleans(), st.integers(MIB, 25 * MIB))
def test_a_mail_is_never_too_large_and_nothing_is_brought_twice(hands, may_attach, bytes_max):
    wanted = [
        (
            mode,
            OnHand(
                n,
                str(n),
                tuple(pdf(10 * n + k, size) for k, size in enumerate(files)),
                "https://l.example" if has_link else "",
                "https://h.example" if has_address and files else "",
            ),
        )
        for n, (mode, files, has_link, has_address) in enumerate(hands, start=1)
    ]
    told = shared(wanted, may_attach=may_attach, bytes_max=bytes_max)
    files = [file for share in told for file in share.attached]
    assert sum(file.size for file in files) <= bytes_max
    assert len(files) <= ATTACHED_MAX
    assert len({file.id for file in files}) == len(files)
    assert [share.document_id for share in told] == sorted({share.document_id for share in told})
    modes = {hand.document_id: (mode, hand) for mode, hand in wanted}
    for share in told:
        mode, hand = modes[share.document_id]
        assert mode is not CopyMode.NEITHER
        assert not (share.attached and share.url)
        assert not share.attached or (may_attach and mode is CopyMode.ATTACHED)
        assert share.url in ("", hand.link or hand.address)


def test_names_of_attached_files_are_plain_and_none_is_there_twice():
    taken = {"vencimientos.ics"}
    names = [
        attached_name(number, "pdf", taken) for number in ("F-2026/118", "F-2026\\118", "ñ/ó", "…", "../..")
    ]
    assert names == ["F-2026-118.pdf", "F-2026-118-2.pdf", "N-O.pdf", "COPIA.pdf", "COPIA-2.pdf"]


@pytest.mark.parametrize(
    "name",
    [
        "F-2026-118.pdf",
        "f2026118.PDF",
        "Factura F-2026-118 Talleres Gómez, S.L..pdf",
        "F2026118_2026-11-05.xml",
        "factura nº F 2026 118.pdf",
        "20261105 F-2026-118.pdf",
    ],
)
def test_the_number_may_stand_among_words_and_a_date(name):
    assert match_by_name(name, {number_key("F-2026/118"): [7]}).document_id == 7


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("R-F-2026-118.pdf", "sobra «r»"),
        ("F-2026-118-2.pdf", "sobra «2»"),
        ("Abono F-2026-118.pdf", "otro documento"),
        ("Albarán de F-2026-118.pdf", "otro documento"),
        ("F-2026-11.pdf", "ningún documento"),
        ("escaneado.pdf", "ningún documento"),
        ("F-2026-118 y F-2026-119.pdf", "varios documentos"),
        ("DOS-1.pdf", "hay varios documentos con ese número"),
    ],
)
def test_what_is_not_certain_is_said_and_not_matched(name, why):
    known = {
        number_key("F-2026/118"): [7],
        number_key("F-2026/119"): [8],
        number_key("118"): [9],
        number_key("DOS-1"): [1, 2],
    }
    found = match_by_name(name, known)
    assert found.document_id is None
    assert why in found.why


NUMBERS = st.lists(
    st.from_regex(r"[A-Z]{0,3}[-/ ]?[0-9]{1,4}[-/]?[0-9]{0,5}", fullmatch=True), min_size=1, max_size=12
)
AROUND = st.sampled_from(["", "Factura ", "copia_", "2026-11-05 ", "Bar Luz ", "a", "1", "R-", "0"])


@given(NUMBERS, st.data())
def test_a_file_goes_to_the_document_of_its_number_or_to_none(numbers, data):
    documents: dict[str, list[int]] = {}
    for place, number in enumerate(numbers):
        documents.setdefault(number_key(number), []).append(place)
    wanted = data.draw(st.sampled_from(numbers))
    before, after = data.draw(AROUND), data.draw(AROUND)
    exact = wanted.replace("/", data.draw(st.sampled_from("-_ ")))
    found = match_by_name(f"{before}{exact} {after}.pdf", documents)
    if found.document_id is not None:
        key = number_key(numbers[found.document_id])
        assert key in keys_in(f"{before}{exact} {after}.pdf")
        assert documents[key] == [found.document_id]
        if before == after == "":
            assert key == number_key(wanted)
    else:
        assert found.why
    alone = match_by_name(f"{exact}.pdf", documents)
    if len(documents[number_key(wanted)]) == 1:
        assert alone.document_id == documents[number_key(wanted)][0]
    else:
        assert alone.document_id is None
