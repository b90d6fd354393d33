"""The code of a SEPA transfer, field by field as EPC069-12 has it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from aldia.formats.paper import EPC_MAX_MINOR, EpcRefused, epc_payload, is_sepa_iban
from aldia.formats.paper.square import square_svg

IBAN = "ES9121000418450200051332"
GOOD: dict[str, Any] = {"name": "Papelería Luz, S.L.", "iban": IBAN, "amount_minor": 126_735}


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {"text": "C-17 F-118"},
            ["BCD", "002", "1", "SCT", "", "Papelería Luz, S.L.", IBAN, "EUR1267.35", "", "", "C-17 F-118"],
        ),
        (
            {"reference": "RF18539007547034"},
            [
                *("BCD", "002", "1", "SCT", "", "Papelería Luz, S.L.", IBAN, "EUR1267.35", ""),
                "RF18539007547034",
            ],
        ),
        (
            {"amount_minor": 1, "bic": "CAIXESBBXXX"},
            ["BCD", "002", "1", "SCT", "CAIXESBBXXX", "Papelería Luz, S.L.", IBAN, "EUR0.01"],
        ),
        (
            {"amount_minor": EPC_MAX_MINOR},
            ["BCD", "002", "1", "SCT", "", "Papelería Luz, S.L.", IBAN, "EUR999999999.99"],
        ),
        (
            {"name": "N" * 200, "text": "T" * 300},
            ["BCD", "002", "1", "SCT", "", "N" * 70, IBAN, "EUR1267.35", "", "", "T" * 140],
        ),
        (
            {"name": "Luz\nBCD\n中 文", "text": "a\nb\tc 😀"},
            ["BCD", "002", "1", "SCT", "", "Luz BCD", IBAN, "EUR1267.35", "", "", "a b c"],
        ),
    ],
)
def test_the_code_has_the_standards_lines(fields, lines):
    assert epc_payload(**GOOD | fields).split("\n") == lines


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"amount_minor": 0}, "amount"),
        ({"amount_minor": EPC_MAX_MINOR + 1}, "amount"),
        ({"iban": "BR1800360305000010009795493C1"}, "iban"),
        ({"iban": "ES91 2100"}, "iban"),
        ({"name": " 中 "}, "name"),
        ({"bic": "ABC"}, "bic"),
        ({"text": "a", "reference": "RF18539007547034"}, "reference"),
        ({"reference": "R" * 36}, "reference"),
    ],
)
def test_what_the_standard_has_no_code_for_is_refused(fields, what):
    with pytest.raises(EpcRefused, match=what):
        epc_payload(**GOOD | fields)


def test_accounts_in_the_scheme():
    assert [is_sepa_iban(each) for each in (IBAN, "PT50000201231234567890154", "PE12345")] == [
        True,
        True,
        False,
    ]


@given(name=st.text(max_size=300), text=st.text(max_size=300), minor=st.integers(1, EPC_MAX_MINOR))
def test_no_code_is_ever_longer_or_has_more_lines_than_the_standard_allows(name, text, minor):
    try:
        code = epc_payload(name=name, iban=IBAN, amount_minor=minor, text=text)
    except EpcRefused:  # a name without one Latin letter
        return
    lines = code.split("\n")
    assert len(code.encode()) <= 331
    assert len(lines) <= 11
    assert re.fullmatch(r"EUR\d{1,9}\.\d\d", lines[7])
    assert 1 <= len(lines[5]) <= 70


def test_the_drawing_is_the_code():
    text = epc_payload(**GOOD)
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", square_svg(text)):
        drawn |= {(int(x) + step, int(y)) for step in range(int(length))}
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, is_dark in enumerate(row) if is_dark}
    assert drawn == dark
    assert code.version <= 13
