"""Countries as a spreadsheet writes them, to ISO 3166 alpha-2."""

from functools import lru_cache

from babel.core import Locale

from aldia.kernel.text import fold

_ALPHA3_PAIRS = (
    "ESP:ES PRT:PT FRA:FR DEU:DE ITA:IT GBR:GB USA:US AND:AD MEX:MX COL:CO PER:PE CHL:CL ARG:AR URY:UY"
    " PRY:PY BOL:BO ECU:EC VEN:VE PAN:PA CRI:CR GTM:GT HND:HN SLV:SV NIC:NI DOM:DO CUB:CU BRA:BR NLD:NL"
    " BEL:BE CHE:CH IRL:IE MAR:MA"
)
_ALPHA3 = {pair[:3]: pair[4:] for pair in _ALPHA3_PAIRS.split()}
_OTHER = {"eeuu": "US", "ee.uu.": "US", "usa": "US", "uk": "GB", "inglaterra": "GB", "holanda": "NL"}


def country_code(text: str) -> str | None:
    """«España», «Spain», «ESP», «es» → «ES»; None when it is no country."""
    capitals = text.strip().upper()
    return capitals if capitals in _codes() else _ALPHA3.get(capitals) or _names().get(fold(text))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    territories = (str(code) for code in Locale("es").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = dict(_OTHER)
    for language in ("en", "es"):
        territories = Locale(language).territories.items()
        names |= {fold(str(name)): str(code) for code, name in territories if code in _codes()}
    return names
