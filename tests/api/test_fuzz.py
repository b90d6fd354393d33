"""Whatever is sent, the answer is one that the description declares: never a 5xx, never another shape."""

import json
import os
import time
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from aldia.api import throttle
from aldia.api.policy import POLICY
from tests.api.conftest import Program, given_token
from tests.api.test_books import INVOICE, PAYMENT

_EXAMPLES = int(os.environ.get("ALDIA_API_EXAMPLES", "6"))
# A value may be well formed and still refused: no such currency, due before issue, no such condition.
_CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 404, 409, 422]}}}


@pytest.fixture
def described(luz, monkeypatch) -> Any:
    """The house's own description, asked of the real application; nobody is slowed down.

    Tokens are the authorization matrix's: here every request has a sound one.
    """
    monkeypatch.setattr(throttle, "PER_MINUTE", 10**9)
    raw = json.loads(Program(None).ask("GET", "/openapi.json").content)
    for said in (said for each in raw["paths"].values() for said in each.values()):
        del said["security"]
    described = schemathesis.openapi.from_dict(raw, config=schemathesis.Config.from_dict(_CONFIG))
    described.app = get_wsgi_application()
    return described


@pytest.fixture
def known(luz) -> dict[str, Any]:
    """Names of what is there, so that requests go deeper than «not there»."""
    program = Program(given_token(luz)[1])
    document = program.post("/documents", INVOICE)[1]
    payment = program.post("/payments", PAYMENT)[1]
    line = document["lines"][0]["id"]
    return {
        "customer": "NUEVO",
        "code": "NUEVO",
        "document_id": document["id"],
        "payment_id": payment["id"],
        "adjusts": document["id"],
        "due_lines": [line],
        "currency": "EUR",
    }


def _asked(luz: Any, described: Any, known: dict[str, Any], mode: GenerationMode) -> dict[str, set[int]]:
    """Ask every operation; the statuses there were."""
    headers = {"Authorization": f"Bearer {given_token(luz)[1]}", "Accept-Encoding": "identity"}
    operations = [found.ok() for found in described.get_all_operations()]
    return {each.definition.raw["operationId"]: _ask(each, mode, headers, known) for each in operations}


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str], known: dict[str, Any]) -> set[int]:
    """Ask one operation in many ways, each answer compared with the description; the statuses there were."""
    statuses: set[int] = set()
    # In an address a value of a wrong type is written as text, or not at all: then nothing is wrong with it.
    left_out = [] if operation.method == "post" else [negative_data_rejection]

    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), deep=st.booleans())
    def ask(case: Any, deep: bool) -> None:
        if deep and mode is GenerationMode.POSITIVE:
            for said in (case.body, case.path_parameters, case.query):
                if isinstance(said, dict):
                    said.update({name: known[name] for name in said if name in known})
        statuses.add(case.call_and_validate(headers=headers, excluded_checks=left_out).status_code)

    ask()
    return statuses


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_answer_is_one_that_is_declared(luz, described, known, mode):
    seen = _asked(luz, described, known, mode)
    assert set(seen) == set(POLICY)
    reached = {name for name, statuses in seen.items() if statuses & {200, 201}}
    assert mode is GenerationMode.NEGATIVE or len(reached) >= 10, seen


@pytest.mark.night
def test_every_answer_is_one_that_is_declared_all_night(luz, described, known):
    until = time.monotonic() + 60 * float(os.environ.get("ALDIA_NIGHT_MINUTES", "10"))
    while time.monotonic() < until:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _asked(luz, described, known, mode)
