"""News from providers: taken in raw and signed, applied later. docs/rules/outbox.md, section 9."""

from aldia.operations.hooks.applying import NewsReport, apply_news
from aldia.operations.hooks.receiving import (
    Knock,
    NotSigned,
    body_bytes_max,
    challenge_answer,
    receive_news,
)

__all__ = [
    "Knock",
    "NewsReport",
    "NotSigned",
    "apply_news",
    "body_bytes_max",
    "challenge_answer",
    "receive_news",
]
