"""Folding for search, sorting as Spanish does, and points at which a test may kill."""

import signal
import subprocess
import sys

import pytest

from aldia.kernel import faults
from aldia.kernel.text import fold, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Peña  LÓPEZ", "pena lopez"),
        ("  Ángel\tÑíguez ", "angel niguez"),
        ("Straße", "strasse"),
        ("ﬁnanzas", "finanzas"),
        ("", ""),
    ],
)
def test_search_sees_no_accents_and_no_capitals(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_ene_sorts_after_n_and_before_o() -> None:
    words = ["Caoba", "caña", "Cana", "cano", "CANZ", "Cañón"]
    assert sorted(words, key=sort_key) == ["Cana", "cano", "CANZ", "caña", "Cañón", "Caoba"]


def test_a_fault_point_is_remembered_and_harmless_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALDIA_FAULT", raising=False)
    faults.fault_point("test.reached")
    assert "test.reached" in faults.reached


def test_a_named_fault_point_kills_at_once() -> None:
    code = "from aldia.kernel.faults import fault_point; fault_point('here'); print('alive')"
    ended = subprocess.run(
        [sys.executable, "-c", code], env={"ALDIA_FAULT": "here"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert "alive" not in ended.stdout
