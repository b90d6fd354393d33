"""The first day, driven through the command line as a person would: `primer_dia.feature`."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from tests.escenarios.archivos import AMBIGUOUS, history

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
scenarios("primer_dia.feature")


@dataclass(slots=True)
class Oficina:
    """Somebody at a terminal: the environment of the command, and what it answered last."""

    environment: dict[str, str]
    folder: Path
    answer: dict[str, Any] = field(default_factory=dict)
    exit: int = 0

    def aldia(self, *words: str, expect: int = 0) -> dict[str, Any]:
        """Run `aldia … --json`; its one JSON object, and the exit code as expected."""
        ended = subprocess.run(
            [sys.executable, "-m", "aldia.cli.main", *words, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        assert ended.returncode == expect, ended.stdout + ended.stderr
        self.exit, self.answer = ended.returncode, json.loads(ended.stdout)
        return self.answer

    def decisions(self, on: str) -> list[dict[str, Any]]:
        """The decisions of a day, one per customer."""
        rows: list[dict[str, Any]] = self.aldia("decisions", "--on", on)["decisions"]
        return rows


@pytest.fixture
def oficina(app_dsn: str, owner_dsn: str, tmp_path: Path) -> Oficina:
    environment = {**os.environ, "DATABASE_URL": app_dsn, "DATABASE_OWNER_URL": owner_dsn, "COLUMNS": "120"}
    environment.pop("ALDIA_NOW", None)
    return Oficina(environment, tmp_path)


@given("un acreedor recién creado con «aldia init»")
def _(oficina: Oficina) -> None:
    oficina.aldia("init", "--name", "Suministros Ejemplo, S.L.", "--country", "ES")


@given("el archivo de facturas históricas con fechas de estilo americano")
def _(oficina: Oficina) -> None:
    (oficina.folder / "facturas.csv").write_bytes(history())


@when("importa las facturas con «aldia import invoices»")
@when("vuelve a importar el mismo archivo")
def _(oficina: Oficina) -> None:
    oficina.aldia("import", "invoices", "facturas.csv")


@then(parsers.parse("hay {count:d} facturas nuevas y ningún error"))
def _(oficina: Oficina, count: int) -> None:
    assert oficina.answer["counts"]["new"] == count
    assert not [f for f in oficina.answer["findings"] if f["severity"] == "error"]


@then("todas las facturas figuran sin cambios")
def _(oficina: Oficina) -> None:
    counts = oficina.answer["counts"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, counts["rows"])


@when(parsers.parse("hace el proceso del {day}"))
@when(parsers.parse("repite el proceso del {day}"))
def _(oficina: Oficina, day: str) -> None:
    oficina.aldia("run", "--on", day)


@then(parsers.parse("hay {count:d} partidas abiertas y {overdue:d} vencidas"))
def _(oficina: Oficina, count: int, overdue: int) -> None:
    report = oficina.answer
    assert report["items_open"] == count
    rows = oficina.aldia("portfolio", "--on", report["on"], "--format", "json")["rows"]
    assert sum(row["items_overdue"] for row in rows) == overdue
    assert sum(row["overdue_minor"] for row in rows) == sum(report["overdue"].values())
    oficina.answer = report


@then(parsers.parse("las decisiones suman {count:d} clientes"))
def _(oficina: Oficina, count: int) -> None:
    assert oficina.answer["customers"] == count
    assert sum(oficina.answer["decisions"].values()) == count


@then("no se anota nada nuevo")
def _(oficina: Oficina) -> None:
    assert oficina.answer["recorded"] is False


@then("las cuentas cuadran con «aldia verify»")
def _(oficina: Oficina) -> None:
    oficina.aldia("verify")


@when(parsers.parse("pide que le expliquen un cliente con aviso el {day}"), target_fixture="cliente")
def _(oficina: Oficina, day: str) -> dict[str, Any]:
    cliente = next(row for row in oficina.decisions(day) if row["step"])
    oficina.aldia("explain", cliente["customer"], "--on", day)
    return cliente


@then("la explicación dice el paso, los días de retraso y el importe")
def _(oficina: Oficina, cliente: dict[str, Any]) -> None:
    text = json.dumps(oficina.answer, ensure_ascii=False)
    assert cliente["title"] in text
    assert "días de retraso" in text or "día de retraso" in text
    assert "€" in text


@then("un proceso con fecha anterior se rechaza con una frase")
def _(oficina: Oficina) -> None:
    refused = oficina.aldia("run", "--on", "2013-06-29", expect=1)
    assert "Ya hay un proceso registrado del 20/07/2013" in refused["sentence"]


@when("importa un archivo cuyas fechas pueden leerse de dos maneras")
def _(oficina: Oficina) -> None:
    (oficina.folder / "dudoso.csv").write_bytes(AMBIGUOUS)
    oficina.aldia("import", "invoices", "dudoso.csv", expect=1)


@then("se rechaza y pide la fecha con «--date-format»")
def _(oficina: Oficina) -> None:
    assert "--date-format" in json.dumps(oficina.answer, ensure_ascii=False)


@then("no se ha guardado ninguna factura")
def _(oficina: Oficina) -> None:
    assert oficina.aldia("portfolio", "--on", "2026-11-20", "--format", "json")["rows"] == []
