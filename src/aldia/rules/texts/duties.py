"""What a country obliges a creditor to say in each demand to a person, as the house says it.

Which contents a country asks for stands in `jurisdictions/` (required_contents); here are the words for them.
"""

from collections.abc import Mapping

# country → language → tú, usted, vos; {} is the creditor.
_WORDS: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "CL": {
        "es": (
            "Tienes derecho a pedirnos una copia escrita de esta cuenta. "
            "Este mensaje no es una actuación judicial.",
            "Tiene derecho a pedirnos una copia escrita de esta cuenta. "
            "Este mensaje no es una actuación judicial.",
            "Tenés derecho a pedirnos una copia escrita de esta cuenta. "
            "Este mensaje no es una actuación judicial.",
        ),
        "en": (
            "You have the right to ask us for a written copy of this account. "
            "This message is not a court proceeding.",
        )
        * 3,
    },
    "MX": {
        "es": (
            "Paga solo a {}, nunca a otra persona. "
            "Si algo no te parece bien, puedes presentar una queja a {} o a la Profeco.",
            "Pague solo a {}, nunca a otra persona. "
            "Si algo no le parece bien, puede presentar una queja a {} o a la Profeco.",
            "Pagá solo a {}, nunca a otra persona. "
            "Si algo no te parece bien, podés presentar una queja a {} o a la Profeco.",
        ),
        "en": (
            "Pay only to {}, never to anybody else. "
            "If something is not right, you may make a complaint to {} or to Profeco.",
        )
        * 3,
    },
}
_FORMS = ("tu", "usted", "vos")


def duties_of(country: str, language: str, form: str, creditor: str) -> str:
    """The paragraph for a consumer of that country; "" where no duty is known."""
    spoken = _WORDS.get(country, {})
    words = spoken.get(language) or spoken.get("es")
    return words[_FORMS.index(form)].replace("{}", creditor) if words else ""
