"""Which text a message leaves in: a person's draft, the creditor's own text, or the house's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aldia.records.outreach.models import CreditorText, Draft, TextVersion
from aldia.records.tenancy.models import Creditor
from aldia.rules.texts.render import Text
from aldia.rules.texts.shipped import shipped_in, shipped_languages, shipped_texts
from aldia.rules.texts.uses import FALLBACK_FORM, FALLBACK_LANGUAGE, FORMS, base_language, form_in


@dataclass(frozen=True, slots=True)
class TextUse:
    """What a text is for. form: tu, usted or vos. language: one of `uses.LANGUAGES`."""

    template: str
    channel: str
    form: str
    language: str = FALLBACK_LANGUAGE

    def __str__(self) -> str:
        """As the audit names it; Spanish is understood."""
        path = f"{self.template}/{self.channel}/{self.form}"
        return path if self.language == FALLBACK_LANGUAGE else f"{path}/{self.language}"


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A text and where it comes from: own (the creditor's) or shipped. language, form: it is written in; not
    those of the use where there is none in them."""

    use: TextUse
    text: Text
    is_own: bool
    language: str = FALLBACK_LANGUAGE
    form: str = FALLBACK_FORM


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a creditor's own text. text: None where the house's was taken again."""

    number: int
    text: Text | None
    by: str
    at: datetime


Own = Mapping[TextUse, Text]
_COLUMNS = ("template", "channel", "form_of_address", "language")


def use_for(template: str, channel: str, *, form: str, language: str) -> TextUse:
    """The text a customer gets. language: of the customer, as it is kept (BCP 47)."""
    base = base_language(language)
    return TextUse(template, channel, form_in(base, form), base)


def own_texts(creditor: Creditor) -> dict[TextUse, Text]:
    """The creditor's own texts; one SELECT, in scope."""
    rows = CreditorText.objects.filter(creditor_id=creditor.pk).values_list(*_COLUMNS, "subject", "body")
    return {TextUse(*use): Text(subject, body) for *use, subject, body in rows}


def drafts(creditor: Creditor, keys: Iterable[str]) -> dict[str, Text]:
    """Key → the words a person wrote for that one mail; one SELECT, in scope."""
    rows = Draft.objects.filter(creditor_id=creditor.pk, key__in=list(keys))
    return {key: Text(subject, body) for key, subject, body in rows.values_list("key", "subject", "body")}


def text_for(own: Own, use: TextUse) -> TextInForce | None:
    """The creditor's text in that form of address, else the house's, else the creditor's in usted; and where
    its language has none of them, the same in Spanish. A certified letter says what the creditor's letter
    says where it has no text of its own.
    """
    for language in dict.fromkeys([use.language, FALLBACK_LANGUAGE]):
        found = _in_language(own, replace(use, language=language))
        if found is not None:
            return replace(found, use=use)
    return None


def _in_language(own: Own, use: TextUse) -> TextInForce | None:
    if use in own:
        return TextInForce(use, own[use], is_own=True, language=use.language, form=use.form)
    letter = replace(use, channel="letter")
    if use.channel == "certified" and letter in own:
        return TextInForce(use, own[letter], is_own=True, language=use.language, form=use.form)
    for form in dict.fromkeys([use.form, FALLBACK_FORM]):
        house = shipped_in(form, use.language, use.template, use.channel)
        if house is not None:
            return TextInForce(use, house, is_own=False, language=use.language, form=form)
    other = own.get(replace(use, form=FALLBACK_FORM))
    return TextInForce(use, other, is_own=True, language=use.language) if other else None


def texts_in_force(creditor: Creditor) -> list[TextInForce]:
    """Every text there is, the house's as the creditor changed it, in the order of the house's files."""
    own = own_texts(creditor)
    uses = [
        TextUse(template, channel, form, language)
        for language in shipped_languages()
        for form in FORMS
        if form_in(language, form) == form
        for template, channel in shipped_texts(form, language)
    ]
    known = (text_for(own, use) for use in dict.fromkeys([*uses, *own]))
    return [each for each in known if each is not None]


def texts_said(creditor: Creditor, *, form: str, language: str) -> list[TextInForce]:
    """What a customer of that form of address and language gets, of every text there is; scripts too."""
    own = own_texts(creditor)
    said = form_in(language, form)
    mine = [use for use in own if (use.form, use.language) in ((said, language), (FALLBACK_FORM, language))]
    pairs = [*shipped_texts(FALLBACK_FORM), *((use.template, use.channel) for use in mine)]
    uses = (TextUse(template, channel, said, language) for template, channel in dict.fromkeys(pairs))
    return [found for found in (text_for(own, use) for use in uses) if found is not None]


def versions_of(creditor: Creditor, use: TextUse) -> list[Version]:
    """The creditor's versions of a text, the latest first; one SELECT, in scope."""
    rows = TextVersion.objects.filter(
        creditor_id=creditor.pk,
        template=use.template,
        channel=use.channel,
        form_of_address=use.form,
        language=use.language,
    ).order_by("-number")
    return [
        Version(row.number, Text(row.subject, row.body) if row.body else None, row.changed_by, row.changed_at)
        for row in rows
    ]


def version_of(creditor: Creditor, use: TextUse, number: int) -> Version | None:
    """One of them; None where there is none of that number, or where it was the house's."""
    found = (each for each in versions_of(creditor, use) if each.number == number and each.text is not None)
    return next(found, None)
