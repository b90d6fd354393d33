"""The texts Al Día comes with: one file per form of address, one table per template and channel."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from aldia.rules.texts.render import Text

CHANNELS = ("email", "letter", "certified", "whatsapp", "sms", "call")
FALLBACK = "usted"
_INSTEAD = {"letter": ("letter", "email"), "certified": ("certified", "letter", "email")}
"""Channel → whose text it may borrow, in order."""


@lru_cache(maxsize=8)
def shipped_texts(form: str) -> dict[tuple[str, str], Text]:
    """(template, channel) → text, of one form of address: «tu» or «usted»; none for another form."""
    document = files(__name__).joinpath(f"es_{form}.toml")
    if not document.is_file():
        return {}
    templates = tomllib.loads(document.read_text("utf-8"))
    return {
        (template, channel): Text(text.get("subject", ""), text["body"].strip("\n"))
        for template, channels in templates.items()
        for channel, text in channels.items()
    }


def shipped_text(template: str, channel: str, form: str) -> Text | None:
    """The house's text: in that form, else in usted; a letter without its own says what the mail says, and a
    certified one what the letter says."""
    for wanted in dict.fromkeys([form, FALLBACK]):
        texts = shipped_texts(wanted)
        for way in _INSTEAD.get(channel, (channel,)):
            if (template, way) in texts:
                return texts[template, way]
    return None


def shipped_templates() -> tuple[str, ...]:
    """Every template the house has a text for, in the order of the file."""
    return tuple(dict.fromkeys(template for template, _channel in shipped_texts(FALLBACK)))
