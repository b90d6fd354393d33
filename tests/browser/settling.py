"""When a page has come to rest: loaded, and nothing more that htmx is asking for."""

from typing import Any

_AT_REST = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"


def settled(page: Any) -> None:
    """Wait until it has; what is asked for every few seconds is none of it."""
    page.wait_for_load_state("load")
    page.wait_for_function(_AT_REST)
