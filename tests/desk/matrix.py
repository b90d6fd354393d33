"""Every address of the house, with what it takes to open it: read from the resolver, never typed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """name: `desk:customer`. parameters: what its path asks for, in order."""

    name: str
    parameters: tuple[str, ...]
    view: Any

    @property
    def policy(self) -> Any:
        return getattr(self.view, "policy", None)


def addresses() -> list[Address]:
    """All that Django resolves, but the API's, whose own matrix is in tests/api."""
    return [each for each in _walk(get_resolver(), ()) if not each.name.startswith("api-")]


def _walk(
    resolver: URLResolver, spaces: tuple[str, ...], parameters: tuple[str, ...] = ()
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        asked = (*parameters, *each.pattern.converters)
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _walk(each, inner, asked)
        elif isinstance(each, URLPattern):
            name = ":".join((*spaces, each.name or f"<{each.pattern}>"))
            yield Address(name, asked, each.callback)
