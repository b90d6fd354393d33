"""Short messages: which alphabet they need and how many parts they take (3GPP TS 23.038)."""

import unicodedata
from dataclasses import dataclass

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_TWICE = frozenset("^{}\\[~]|€\f")
_PLAIN = {
    "\u00a0": " ",
    "\u202f": " ",
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "-",
    "’": "'",
}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """units: septets of GSM-7 or UTF-16 units. parts: messages it is sent in. is_gsm7: the cheap alphabet."""

    units: int
    parts: int
    is_gsm7: bool


def sms_length(text: str) -> SmsLength:
    """How long it is as an SMS: 160 septets alone, 153 in each of several parts; 70 and 67 in UCS-2."""
    is_gsm7 = all(each in _GSM7 or each in _GSM7_TWICE for each in text)
    units = (
        sum(2 if each in _GSM7_TWICE else 1 for each in text)
        if is_gsm7
        else len(text.encode("utf-16-le")) // 2
    )
    alone, joined = (160, 153) if is_gsm7 else (70, 67)
    return SmsLength(units, 1 if units <= alone else -(-units // joined), is_gsm7)


def as_sms(text: str) -> str:
    """The text in the cheap alphabet where that costs only accents: á becomes a, é and ñ stay."""
    return "".join(_plain(each) for each in unicodedata.normalize("NFC", text))


def _plain(character: str) -> str:
    if character in _GSM7 or character in _GSM7_TWICE:
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    base = unicodedata.normalize("NFD", character)[0]
    return base if base in _GSM7 else character
