"""«Papelería Luz» with its books of 20 November 2026, its neighbour, and programs with tokens."""

import json
from typing import Any

import pytest


class Program:
    """Asks the API under a token, as JSON. What it is answered comes back as (status, said)."""

    def __init__(self, secret: str | None, client: Any = None) -> None:
        from django.test import Client

        self.client = client or Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.keys = 0

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return _read(self.client.get(f"/api/v1{path}", query, headers=self.headers))

    def post(self, path: str, body: Any, *, key: str | None = None) -> tuple[int, Any]:
        return _read(self.ask("POST", path, body, key=key))

    def patch(self, path: str, body: Any) -> tuple[int, Any]:
        return _read(self.ask("PATCH", path, body))

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The whole response. body: text or bytes as they are, anything else as JSON; key: else a new one."""
        self.keys += 1
        headers = {**self.headers}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"{id(self)}-{self.keys}"
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers=headers
        )


def _read(response: Any) -> tuple[int, Any]:
    return response.status_code, json.loads(response.content)


def founded(code: str, name: str) -> Any:
    """A creditor with its books."""
    from aldia.operations.creditors import create_creditor
    from tests.cli.books import NOW, write_books

    creditor = create_creditor(name=name, country="ES", code=code, now=NOW, actor="prueba").creditor
    write_books(creditor)
    return creditor


def given_token(creditor: Any, *scopes: str, days: int = 30, now: Any = None) -> tuple[Any, str]:
    """A token with these scopes, or with all; and its secret."""
    from aldia.operations.api_tokens import create_token
    from aldia.rules.api_scopes import ApiScope
    from tests.cli.books import NOW

    return create_token(
        creditor=creditor,
        name="contabilidad",
        scopes=scopes or [each.value for each in ApiScope],
        days=days,
        actor="prueba",
        now=now or NOW,
    )


@pytest.fixture(autouse=True)
def _day_of_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 20 November 2026."""
    monkeypatch.setenv("ALDIA_NOW", "2026-11-20T10:00:00+01:00")


@pytest.fixture
def luz(transactional_db: None) -> Any:
    """The creditor."""
    return founded("luz", "Papelería Luz")


@pytest.fixture
def mar(transactional_db: None) -> Any:
    """Its neighbour, with books just the same."""
    return founded("mar", "Ferretería Mar")


@pytest.fixture
def program(luz: Any) -> Program:
    """May do everything for Papelería Luz."""
    return Program(given_token(luz)[1])
