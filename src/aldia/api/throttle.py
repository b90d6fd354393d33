"""So many requests a minute for each token."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from aldia.kernel import clock

PER_MINUTE = 600
_KEPT_SECONDS = 120


class PerToken(BaseThrottle):
    """Counts in the shared cache, minute by minute; two requests at the same instant may count as one.

    Keeps nothing between requests: threads share this object.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """True until the token has had its requests of this minute."""
        token = request.auth.token  # type: ignore[attr-defined]
        key = f"api:{token.pk}:{clock.now():%Y%m%d%H%M}"
        count = int(cache.get(key, 0)) + 1
        cache.set(key, count, _KEPT_SECONDS)
        return count <= PER_MINUTE

    def wait(self) -> float:
        """Seconds to the next minute."""
        return _rest_of_minute(clock.now())


def _rest_of_minute(now: datetime) -> float:
    return 60.0 - now.second
