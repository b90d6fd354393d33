"""Which person at a customer is written to: the role rises with the firmness of what is said."""

from collections.abc import Mapping, Sequence

GUARDIANS = ("parent", "guardian", "lawyer")
"""Who may be written to for a minor."""

REPRESENTATIVES = ("lawyer",)
"""Who may be written to for somebody represented."""

_REST = ("parent", "guardian", "other", "lawyer")
_WHO_PAYS = ("accounts_payable", "holder", "finance_head", "owner", *_REST)
_RISEN: Mapping[str, Sequence[str]] = {
    "firme": ("finance_head", "accounts_payable", "holder", "owner", *_REST),
    "formal": ("owner", "finance_head", "holder", "accounts_payable", *_REST),
}


def roles_in_order(tone: str) -> Sequence[str]:
    """Roles of contacts, the first to be written to first. tone: of the step, "" for what asks for nothing.

    Friendly words go to who answers for the payment, firm ones to who heads finance, a formal demand to the
    owner; where there is nobody of that role, to the next. Consumers have a holder, and it changes nothing.
    """
    return _RISEN.get(tone, _WHO_PAYS)
