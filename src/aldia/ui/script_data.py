"""Data for scripts: JSON that can stand inside a <script type="application/json"> whatever its texts say."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script_json(value: Any) -> SafeString:
    """No character that could end the element or begin an entity is left."""
    return mark_safe(json.dumps(value, ensure_ascii=False).translate(_UNSAFE))
