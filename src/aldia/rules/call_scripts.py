"""Which script is read when the customer is called: by what has happened, how they pay, and the tone they are
at. docs/rules/calls.md §5.
"""

from collections.abc import Collection, Mapping

from aldia.rules.portfolio.strategy import FIRM_TONES

SCRIPT, THIRD_PARTY, VOICEMAIL = "phone_call", "wrong_person", "voicemail"

OF_KINDS: Mapping[str, str] = {
    "casual": "friendly",
    "good_payer": "friendly",
    "stalling": "phone_call_stalling",
    "careless": "phone_call_careless",
    "chronic": "phone_call_chronic",
    "illiquid": "phone_call_illiquid",
}
"""Kind of debtor → its text; one with a complaint has its own before everything else."""

OF_TONES: Mapping[str, str] = {"amable": "friendly", "firme": "firm", "formal": "firm"}
"""Tone of the step → its text."""


def scripts_for(
    *, kind: str, tone: str, planned: str, is_promise_broken: bool, own: Collection[str]
) -> tuple[str, ...]:
    """Names of texts, the one that fits best first; who has no words for one takes the next.

    kind: of debtor. tone: of the step the customer is at. planned: the text of the call that a strategy wants
    made, "" for none. is_promise_broken: the last promise was not kept, and something of it is open. own:
    texts for calls that the creditor wrote: where nothing in particular has happened, they come before the
    house's.
    """
    happened = ["solve_first"] if kind == "circumstantial" else []
    happened += ["promise_broken"] if is_promise_broken else []
    fitting = [OF_KINDS.get(kind, ""), OF_TONES.get(tone, "")]
    if tone in FIRM_TONES and kind != "illiquid":
        fitting.reverse()
    general = [each for each in (planned if planned != SCRIPT else "", *fitting, SCRIPT) if each]
    general.sort(key=lambda each: each not in own)
    return tuple(dict.fromkeys([*happened, *general]))
