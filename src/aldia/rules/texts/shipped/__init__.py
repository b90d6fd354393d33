"""The texts of the house: one file per language and form of address, one table per template and channel."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from aldia.rules.texts.render import Text
from aldia.rules.texts.uses import FALLBACK_FORM, FALLBACK_LANGUAGE, FORMS, LANGUAGES, has_forms

CHANNELS = ("email", "letter", "certified", "whatsapp", "sms", "call")
_INSTEAD = {"letter": ("letter", "email"), "certified": ("certified", "letter", "email")}
"""Channel → whose text it may borrow, in order."""


@lru_cache(maxsize=32)
def shipped_texts(form: str, language: str = FALLBACK_LANGUAGE) -> dict[tuple[str, str], Text]:
    """(template, channel) → text, of one form of address («usted», «tu», «vos») of a language; else none."""
    if language not in LANGUAGES or form not in FORMS:
        return {}
    document = files(__name__).joinpath(
        f"{language}_{form}.toml" if has_forms(language) else f"{language}.toml"
    )
    if not document.is_file():
        return {}
    templates = tomllib.loads(document.read_text("utf-8"))
    return {
        (template, channel): Text(text.get("subject", ""), text["body"].strip("\n"))
        for template, channels in templates.items()
        for channel, text in channels.items()
    }


def shipped_in(form: str, language: str, template: str, channel: str) -> Text | None:
    """The house's text in just that form and language; a letter without its own says what the mail says, and
    a certified one what the letter says."""
    texts = shipped_texts(form, language)
    ways = _INSTEAD.get(channel, (channel,))
    return next((texts[template, way] for way in ways if (template, way) in texts), None)


def shipped_text(template: str, channel: str, form: str, language: str = FALLBACK_LANGUAGE) -> Text | None:
    """The house's text in that language: in that form, else in usted; None where there is none in it."""
    found = shipped_in(form, language, template, channel)
    return found or shipped_in(FALLBACK_FORM, language, template, channel)


def shipped_templates() -> tuple[str, ...]:
    """Every template the house has a text for, in the order of the file."""
    return tuple(dict.fromkeys(template for template, _channel in shipped_texts(FALLBACK_FORM)))


def shipped_languages() -> tuple[str, ...]:
    """The languages the house has texts in."""
    return tuple(each for each in LANGUAGES if shipped_texts(FALLBACK_FORM, each))
