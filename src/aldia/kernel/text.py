"""Text as people search for it: folded, without accents, sorted as Spanish does."""

import unicodedata


def fold(text: str) -> str:
    """Casefolded, accents removed, spaces collapsed: «Peña  LÓPEZ» → «pena lopez». For searching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """Like `fold`, but ñ sorts after n («canon» < «cana», «caña»): ñ becomes n followed by a tilde."""
    marked = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n~")
    return fold(marked)
