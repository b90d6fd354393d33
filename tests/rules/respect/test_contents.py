"""What has to be said, country by country."""

import pytest

from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.rules.law import Content
from aldia.rules.respect.contents import missing_contents
from aldia.rules.respect.values import Severity

CHILE = load_jurisdiction("CL").required_contents
MEXICO = load_jurisdiction("MX").required_contents
WHOLE = """{saludo}

Queda pendiente lo siguiente:

{partidas}

{como_pagar}

Tiene derecho a pedirnos una copia escrita de esta cuenta. Este mensaje no es una actuación
judicial. Pague solo a {acreedor}, nunca a otra persona. Si no está de acuerdo, puede reclamar ante el Sernac.

{firma}
"""


def _missing(body, required=CHILE, person_kind="consumer"):
    return {each.facts["content"] for each in missing_contents(body, required, person_kind)}


@pytest.mark.parametrize("required", [CHILE, MEXICO], ids=["CL", "MX"])
def test_a_text_that_says_everything_lacks_nothing(required):
    assert _missing(WHOLE, required) == set()


@pytest.mark.parametrize(
    ("gone", "content"),
    [
        ("{como_pagar}", Content.HOW_TO_PAY),
        ("Tiene derecho a pedirnos una copia escrita de esta cuenta.", Content.RIGHTS),
        ("Este mensaje no es una actuación\njudicial.", Content.NOT_JUDICIAL),
    ],
)
def test_each_thing_that_is_taken_out_is_missed(gone, content):
    assert gone in WHOLE
    assert _missing(WHOLE.replace(gone, "")) == {content}


def test_an_empty_text_lacks_all_of_it_and_says_what_to_write():
    assert CHILE is not None
    found = missing_contents("", CHILE, "consumer")
    assert [each.facts["content"] for each in found] == list(CHILE.contents)
    assert all(each.sentence.startswith("Falta ") and "21.062" in each.source for each in found)


def test_it_is_law_in_chile_for_everybody_and_prudence_in_mexico():
    assert {each.severity for each in missing_contents("", CHILE, "consumer")} == {Severity.BLOCK}
    found = missing_contents("", MEXICO, "consumer")
    assert {each.severity for each in found} == {Severity.WARN}
    assert all("criterio prudente" in each.source for each in found)


def test_businesses_and_other_countries_are_asked_nothing():
    assert _missing("", CHILE, "business") == set()
    others = [load_jurisdiction(code).required_contents for code in available_countries()]
    assert sum(each is not None for each in others) == 2
    assert missing_contents("", None, "consumer") == []
