"""By source: what a piece of news from outside says. The raw row in, a value out."""

from aldia.channels import twilio_news
from aldia.channels.email import PROVIDERS, provider_news
from aldia.channels.news import INCOMING, STATUS, Delivery, Incoming, RawNews
from aldia.channels.whatsapp import meta_news

MAIL_SOURCES = tuple(PROVIDERS)
SOURCES = ("twilio", "meta", *MAIL_SOURCES)


def incoming_of(news: RawNews) -> Incoming | None:
    """The message that came in; None for news of another kind or source."""
    if not news.external_id.startswith(INCOMING) or news.source not in ("twilio", "meta"):
        return None  # mails that come in by a provider are kept as mails
    return twilio_news.incoming_of(news) if news.source == "twilio" else meta_news.incoming_of(news)


def delivery_of(news: RawNews) -> Delivery | None:
    """What became of a message of ours; None for news of another kind or source, or without meaning."""
    if not news.external_id.startswith(STATUS) or news.source not in SOURCES:
        return None
    if news.source in MAIL_SOURCES:
        return provider_news.delivery_of(news)
    return twilio_news.delivery_of(news) if news.source == "twilio" else meta_news.delivery_of(news)
