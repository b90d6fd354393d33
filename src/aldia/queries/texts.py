"""Which text a message leaves in: a person's draft, the creditor's own text, or the house's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aldia.records.outreach.models import CreditorText, Draft
from aldia.records.tenancy.models import Creditor
from aldia.rules.texts.render import Text
from aldia.rules.texts.shipped import shipped_text, shipped_texts

LANGUAGE = "es"
"""The language texts are written in so far; a customer of another one gets them too."""

_FORMS = ("usted", "tu", "vos")


@dataclass(frozen=True, slots=True)
class TextUse:
    """What a text is for. form: tu, usted or vos."""

    template: str
    channel: str
    form: str


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A text and where it comes from: own (the creditor's) or shipped."""

    use: TextUse
    text: Text
    is_own: bool


Own = Mapping[TextUse, Text]


def own_texts(creditor: Creditor) -> dict[TextUse, Text]:
    """The creditor's own texts; one SELECT, in scope."""
    rows = CreditorText.objects.filter(creditor_id=creditor.pk, language=LANGUAGE)
    columns = ("template", "channel", "form_of_address", "subject", "body")
    return {
        TextUse(template, channel, form): Text(subject, body)
        for template, channel, form, subject, body in rows.values_list(*columns)
    }


def drafts(creditor: Creditor, keys: Iterable[str]) -> dict[str, Text]:
    """Key → the words a person wrote for that one mail; one SELECT, in scope."""
    rows = Draft.objects.filter(creditor_id=creditor.pk, key__in=list(keys))
    return {key: Text(subject, body) for key, subject, body in rows.values_list("key", "subject", "body")}


def text_for(own: Own, use: TextUse) -> TextInForce | None:
    """The creditor's text in that form of address, else the house's, else the creditor's in usted.

    A certified letter says what the creditor's letter says where it has no text of its own.
    """
    if use in own:
        return TextInForce(use, own[use], is_own=True)
    letter = TextUse(use.template, "letter", use.form)
    if use.channel == "certified" and letter in own:
        return TextInForce(use, own[letter], is_own=True)
    house = shipped_text(use.template, use.channel, use.form)
    if house is not None:
        return TextInForce(use, house, is_own=False)
    other = own.get(TextUse(use.template, use.channel, "usted"))
    return TextInForce(use, other, is_own=True) if other else None


def texts_in_force(creditor: Creditor) -> list[TextInForce]:
    """Every text there is, the house's as the creditor changed it, in the order of the house's files."""
    own = own_texts(creditor)
    uses = [TextUse(template, channel, form) for form in _FORMS for template, channel in shipped_texts(form)]
    known = (text_for(own, use) for use in dict.fromkeys([*uses, *own]))
    return [each for each in known if each is not None]
