"""Telephone numbers as people write them, and as a provider wants them: E.164, `+34600000000`."""

import re
from collections.abc import Mapping

_NOISE = re.compile(r"[\s().\-/\u00a0\u202f]+")
_WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")

# Country → its prefix, and the numbers within it that a message can reach, written without prefix. Where a
# plan keeps landlines and mobiles apart, only mobiles: a text to a landline is paid for and read by nobody.
_PLANS: Mapping[str, tuple[str, str]] = {
    "ES": ("+34", r"[67][0-9]{8}"),
    "PE": ("+51", r"9[0-9]{8}"),
    "MX": ("+52", r"[1-9][0-9]{9}"),
    "CO": ("+57", r"3[0-9]{9}"),
    "CL": ("+56", r"9[0-9]{8}"),
    "AR": ("+549", r"[1-9][0-9]{9}"),
}


def e164(text: str, country: str) -> str:
    """The number a short message goes to, "" where that is not certain.

    country: ISO code of whose numbering a number without prefix belongs to. Such a number of a country whose
    plan is not known here is not guessed at: the message would reach a stranger.
    """
    bare = _NOISE.sub("", text.replace("(0)", ""))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if bare.startswith("+"):
        return bare if _WHOLE.fullmatch(bare) and _fits_plan(bare) else ""
    prefix, mobile = _PLANS.get(country, ("", ""))
    return prefix + bare if prefix and re.fullmatch(mobile, bare) else ""


def _fits_plan(number: str) -> bool:
    """Only Spain's plan is looked at: elsewhere what has its prefix is taken as it is."""
    return not number.startswith("+34") or re.fullmatch(r"\+34" + _PLANS["ES"][1], number) is not None
