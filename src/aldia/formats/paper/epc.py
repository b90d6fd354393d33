"""The square code of a SEPA transfer (European Payments Council, EPC069-12 v3.1, «Quick Response Code:
Guidelines to enable data capture for the initiation of a SEPA credit transfer»)."""

import re
import unicodedata

_NAME_MAX, _TEXT_MAX, _REFERENCE_MAX, _BIC_LENGTHS = 70, 140, 35, (0, 8, 11)
_BYTES_MAX = 331
EPC_MAX_MINOR = 99_999_999_999  # 999,999,999.99 €
_SERVICE, _VERSION, _UTF8, _TRANSFER = "BCD", "002", "1", "SCT"

_SEPA = frozenset(
    re.findall(
        "..",
        "ADALATBEBGCHCYCZDEDKEEESFIFRGBGIGRHRHUIEISITLILTLULVMCMDMEMKMTNLNOPLPTRORSSESISKSMVA",
    )
)
"""Countries of IBAN in the scheme (EPC409-09 v7.0)."""


class EpcRefused(ValueError):
    """The standard has no code for these values; the message says which one."""


def is_sepa_iban(iban: str) -> bool:
    """Whether the account, written without spaces, lies in the scheme."""
    return iban[:2] in _SEPA and iban.isalnum()


def epc_payload(
    *, name: str, iban: str, amount_minor: int, text: str = "", reference: str = "", bic: str = ""
) -> str:
    """The lines of the code. name: of the beneficiary; what is too long is cut. amount_minor: euro cents.

    reference: ISO 11649 («RF…»), in place of text. Raises EpcRefused.
    """
    if not is_sepa_iban(iban) or len(iban) > 34:
        raise EpcRefused("iban")
    if not 1 <= amount_minor <= EPC_MAX_MINOR:
        raise EpcRefused("amount")
    if len(bic) not in _BIC_LENGTHS:
        raise EpcRefused("bic")
    if (text and reference) or len(reference) > _REFERENCE_MAX:
        raise EpcRefused("reference")
    named = _fit(name)[:_NAME_MAX].strip()
    if not named:
        raise EpcRefused("name")
    euros, cents = divmod(amount_minor, 100)
    said = [_SERVICE, _VERSION, _UTF8, _TRANSFER, bic, named, iban, f"EUR{euros}.{cents:02}", ""]
    words = _fit(text)[:_TEXT_MAX].strip()
    while words and len(_joined([*said, reference, words]).encode()) > _BYTES_MAX:
        words = words[:-1].rstrip()
    return _joined([*said, reference, words])


def _joined(lines: list[str]) -> str:
    """Line feeds between; what is empty at the end is left out."""
    return "\n".join(lines).rstrip("\n")


def _fit(text: str) -> str:
    """On one line, in Latin letters: others are what banks' programs stumble over."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(each for each in line if each.isprintable() and ord(each) < 0x180)
