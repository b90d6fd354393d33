"""A customer by the creditor's own code; who is not found is answered with who may have been meant."""

import difflib

from aldia.kernel.errors import AldiaError
from aldia.kernel.text import fold
from aldia.records.parties.models import Customer, CustomerWord
from aldia.rules.portfolio.words import joined

_NEAR_MAX = 5


class UnknownCustomer(AldiaError):
    """No customer bears this code. facts: code, near."""

    code = "unknown_customer"


def customer_by_code(code: str) -> Customer:
    """The customer of the creditor in scope; letter case does not matter where it decides nothing.

    Raises UnknownCustomer, naming codes that come near.
    """
    found = Customer.objects.filter(code=code).first()
    same = [found] if found else list(Customer.objects.filter(code__iexact=code)[:2])
    if len(same) == 1:
        return same[0]
    near = near_codes(code)
    hint = f" ¿Quiso decir {joined(f'«{each}»' for each in near)}?" if near else ""
    raise UnknownCustomer(f"No hay ningún cliente con el código «{code}».{hint}", code=code, near=near)


def near_codes(text: str) -> list[str]:
    """Codes of customers that resemble the text, or whose name has a word that begins with it."""
    codes = list(Customer.objects.order_by("code").values_list("code", flat=True))
    alike = difflib.get_close_matches(text, codes, n=_NEAR_MAX, cutoff=0.6)
    folded = fold(text).split()
    words = CustomerWord.objects.filter(word__begins=folded[0]) if folded else CustomerWord.objects.none()
    by_name = words.values_list("customer__code", flat=True)[:_NEAR_MAX]
    return list(dict.fromkeys([*alike, *by_name]))[:_NEAR_MAX]
