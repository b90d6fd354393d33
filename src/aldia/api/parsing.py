"""Strict JSON: UTF-8, each field once, no NaN; what is doubtful is refused instead of guessed."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

BODY_BYTES_MAX = 256 * 1024


class StrictParser(Parser):
    """Reads bodies for the API; whatever it raises becomes a 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON value of the body. Raises ValueError."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """The value. Raises ValueError for what is no strict JSON, RecursionError for what is nested too deep."""
    return json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant)


def body_digest(body: bytes) -> str:
    """SHA-256 of what the body says: neither spaces nor the order of fields matter."""
    said = json.dumps(read_json(body), sort_keys=True, separators=(",", ":")) if body else ""
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is repeated")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
