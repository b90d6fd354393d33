"""Telephone numbers as people write them, and as a provider wants them: E.164, `+34600000000`."""

import re
from collections.abc import Mapping

import polars as pl

# Read by `re` and by Polars: what the one calls white space beyond the other (1C to 1F) is named.
_NOISE = r"[\s\x1c-\x1f().\-/\u00a0\u202f]+"
_WHOLE = r"\+[1-9][0-9]{6,14}"

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
BY_NUMBER = ("sms", "whatsapp")
"""Channels that only numbers which take messages are good for."""

_SPANISH = r"\+34" + _PLANS["ES"][1]


def e164(text: str, country: str) -> str:
    """The number a short message goes to, "" where that is not certain.

    country: ISO code of whose numbering a number without prefix belongs to. Such a number of a country whose
    plan is not known here is not guessed at: the message would reach a stranger.
    """
    bare = re.sub(_NOISE, "", text.replace("(0)", ""))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if bare.startswith("+"):
        return bare if re.fullmatch(_WHOLE, bare) and _fits_plan(bare) else ""
    prefix, mobile = _PLANS.get(country, ("", ""))
    return prefix + bare if prefix and re.fullmatch(mobile, bare) else ""


def _fits_plan(number: str) -> bool:
    """Only Spain's plan is looked at: elsewhere what has its prefix is taken as it is."""
    return not number.startswith("+34") or re.fullmatch(_SPANISH, number) is not None


def those_that_take_messages(numbers: pl.DataFrame) -> pl.DataFrame:
    """The rows whose number `e164` knows: the same rule, for all telephones of a portfolio at once.

    numbers: columns value and country, and whatever else is to come along.
    """
    plain = pl.col("value").str.replace_all("(0)", "", literal=True).str.replace_all(_NOISE, "")
    abroad, bare = pl.col("bare").str.starts_with("+"), pl.col("bare")
    whole = _matches(bare, _WHOLE) & (~bare.str.starts_with("+34") | _matches(bare, _SPANISH))
    within = pl.any_horizontal(
        (pl.col("country") == code) & _matches(bare, mobile) for code, (_prefix, mobile) in _PLANS.items()
    )
    known = numbers.with_columns(bare=plain).with_columns(bare=bare.str.replace("^00", "+"))
    parts = [known.filter(abroad).filter(whole), known.filter(~abroad).filter(within)]
    return pl.concat(parts).drop("bare")


def _matches(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(f"^(?:{pattern})$")
