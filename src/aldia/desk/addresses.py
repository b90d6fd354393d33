"""Addresses that only take a form in cannot be gone back to: the page above them stands in for them."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve


def openable(address: str) -> str:
    """The address (path and query) itself, or the nearest page above where it only takes a form in."""
    path = urlsplit(address).path
    return address if _opens(path) is not False else page_above(path)


def page_above(path: str) -> str:
    """The nearest page above that can be opened; "/" where there is none."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if _opens(path + "/"):
            return path + "/"
    return "/"


def _opens(path: str) -> bool | None:
    """Whether there is a page at the path; None where nothing is known of it."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    policy = getattr(found.func, "policy", None)
    return None if policy is None else "GET" in policy.methods
