"""Words that are questioned are kept only with somebody's reason, which stands in the audit."""

from collections.abc import Sequence
from typing import Any

from aldia.kernel.errors import AldiaError
from aldia.rules.respect.values import Finding

REASON_MIN, REASON_MAX = 10, 500
"""Characters of a reason."""


class WordsQuestioned(AldiaError):
    """A text says what is not said to a customer, or lacks what has to be said. facts: findings, as
    `findings_as_json`."""

    code = "words_questioned"


def findings_as_json(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """As doors print them."""
    return [
        {
            "code": each.code.value,
            "severity": each.severity.value,
            "place": each.place.value,
            "excerpt": each.excerpt,
            "sentence": each.sentence,
            "source": each.source,
        }
        for each in found
    ]


def refuse_unaccepted(found: Sequence[Finding], accepted: str) -> dict[str, Any]:
    """What goes into the audit of a text that is kept: nothing where nothing blocks; else reason and codes.

    accepted: somebody's reason, "" for none. Raises WordsQuestioned.
    """
    blocking = [each for each in found if each.blocks]
    if not blocking:
        return {}
    reason = " ".join(accepted.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        told = " ".join(f"{each.sentence} ({each.source})" for each in blocking)
        raise WordsQuestioned(
            f"{told} Cámbielo, o que lo acepte quien lleva los textos con un motivo de {REASON_MIN} a "
            f"{REASON_MAX} caracteres.",
            findings=findings_as_json(blocking),
        )
    return {"accepted": reason, "findings": [each.code.value for each in blocking]}
