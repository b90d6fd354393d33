"""By source: what a piece of news from outside says. The raw row in, a value out."""

from aldia.channels import twilio_news
from aldia.channels.news import INCOMING, STATUS, Delivery, Incoming, RawNews
from aldia.channels.whatsapp import meta_news

SOURCES = ("twilio", "meta")


def incoming_of(news: RawNews) -> Incoming | None:
    """The message that came in; None for news of another kind or source."""
    if not news.external_id.startswith(INCOMING) or news.source not in SOURCES:
        return None
    return twilio_news.incoming_of(news) if news.source == "twilio" else meta_news.incoming_of(news)


def delivery_of(news: RawNews) -> Delivery | None:
    """What became of a message of ours; None for news of another kind or source, or without meaning."""
    if not news.external_id.startswith(STATUS) or news.source not in SOURCES:
        return None
    return twilio_news.delivery_of(news) if news.source == "twilio" else meta_news.delivery_of(news)
