"""Postal codes as beginnings of one another: areas that are spared, municipalities that keep a holiday."""

from collections.abc import Iterable


def folded_postcode(text: str) -> str:
    """Without spaces and signs, upper case: «c1425 abc» → «C1425ABC»."""
    return "".join(each for each in text.upper() if each.isalnum())


def lies_in(postal_code: str, prefixes: Iterable[str]) -> bool:
    """True when the code begins with one of the prefixes; a code nobody knows lies nowhere."""
    code = folded_postcode(postal_code)
    return bool(code) and any(code.startswith(folded_postcode(each)) for each in prefixes)
