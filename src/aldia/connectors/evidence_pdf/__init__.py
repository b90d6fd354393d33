"""The evidence pack's paper: values in, PDF out, made by Typst. What people wrote stays text."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

_TEMPLATE = Path(__file__).with_name("evidence.typ")
_LOCK = Lock()
_NO_GLYPH = "could not be displayed"


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Read once; the fonts are those that Typst brings, so the same values give the same paper anywhere."""
    return typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), ignore_system_fonts=True)


def evidence_pdf(values: Mapping[str, Any], *, at: datetime) -> bytes:
    """The pack's paper. values: as `evidence.typ` names them, every one a text, list or object. at: aware,
    the moment it says it was made; the same values and moment give the same bytes.

    PDF/UA, unless somebody wrote signs that the fonts do not have (an emoji), which it may not contain.
    """
    said, moment = {"data": json.dumps(values, ensure_ascii=False)}, int(at.timestamp())
    with _LOCK:
        try:
            made = _compiler().compile(format="pdf", sys_inputs=said, pdf_standards="ua-1", timestamp=moment)
        except typst.TypstError as refused:
            if _NO_GLYPH not in refused.message:
                raise
            made = _compiler().compile(format="pdf", sys_inputs=said, pdf_standards=[], timestamp=moment)
    assert isinstance(made, bytes)
    return made
