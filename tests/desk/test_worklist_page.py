"""«Cola»: the list, the case beside it, and what is said of both."""

from typing import Any

import pytest

from tests.cli.books import NOW
from tests.desk.conftest import text_of
from tests.desk.worklist_world import COLA, case_of, morning


@pytest.fixture
def luz(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    return morning()


@pytest.fixture
def gema(client: Any, luz: Any) -> Any:
    from aldia.records.tenancy.models import Membership

    client.force_login(Membership.objects.get(creditor=luz, user__email="gema@luz.example").user)
    return client


def test_the_best_case_stands_first_and_opens_by_itself(gema, luz):
    page = gema.get(COLA)
    text = text_of(page)
    assert page.status_code == 200
    assert "5 expedientes por trabajar" in text
    assert text.index("Cliente 01") < text.index("Cliente 05")
    assert f"ficha/?ver={case_of(luz, 'C01').pk}" in page.content.decode()
