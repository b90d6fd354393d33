"""Typst at work: the same values give the same bytes.

A compiler is kept per thread, for a fresh one takes ten times as long. Only the fonts that come with the
library are used, so that a letter looks the same on every machine.
"""

import json
import re
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from aldia.formats.paper.square import square_svg
from aldia.formats.paper.values import Paper
from aldia.kernel.errors import AldiaError

_ACCESSIBLE = "ua-1"
_NOT_SHOWN = re.compile(r'the text [`"]+(.+?)[`"]+ could not be displayed', re.DOTALL)
_TRIES_MAX = 25
_COLUMN_MAX = 24  # characters; what is longer takes a second line
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)")
_BLANK = "\u25a1"  # stands for a letter that no font of ours has
_own = threading.local()
_unshown: set[str] = set()
"""Characters that were found to be in no font, so that each costs one failure of a process at most."""


class PaperFailed(AldiaError):
    """A letter or statement that could not be set."""

    code = "paper_failed"


def paper_pdf(paper: Paper, *, at: datetime) -> bytes:
    """The paper as PDF/UA-1. at: its date, aware. Raises PaperFailed.

    A character that no font has is left out if it is a picture, and stands as an empty square if it is a
    letter. Where too many are missing the file is a PDF that does not claim to be accessible.
    """
    said = json.dumps(_prepared(asdict(paper)), ensure_ascii=False)
    for _ in range(_TRIES_MAX):
        said = _shown(said)
        try:
            return _compiled(said, at, [_ACCESSIBLE])
        except typst.TypstError as trouble:
            found = _NOT_SHOWN.search(trouble.message)
            if found is None:
                raise _failed(trouble) from trouble
            _unshown.update(_characters(found[1]))
    try:
        return _compiled(said, at, [])
    except typst.TypstError as trouble:
        raise _failed(trouble) from trouble


def _prepared(paper: dict[str, Any]) -> dict[str, Any]:
    """With the square codes drawn and the columns measured: far faster than letting Typst try them out."""
    for slip in paper["slips"]:
        slip["drawing"] = square_svg(slip["code"]) if slip["code"] else ""
    for blocks in (paper["body"], *(section["blocks"] for section in paper["sections"])):
        for block in blocks:
            if block["kind"] == "table":
                block["widths"] = _widths(block)
    return paper


def _widths(table: Mapping[str, Any]) -> list[int]:
    """Characters of the longest cell per column; 0 for the one that takes the rest."""
    rows = [table["heads"], *(row["cells"] for row in table["rows"] if row["style"] != "heading")]
    longest = [min(_COLUMN_MAX, max(map(len, column))) for column in zip(*rows, strict=True)]
    return [0 if place == table["wide"] else max(1, width) for place, width in enumerate(longest)]


def _characters(quoted: str) -> set[str]:
    """What Typst names, as itself or as «\\u{7}»."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), quoted)
    return {each for each in plain if not each.isascii()}


def _shown(said: str) -> str:
    """JSON without the characters that are known to be missing."""
    missing = _unshown.intersection(said)
    if not missing:
        return said
    return said.translate({ord(each): _BLANK if each.isalpha() else None for each in missing})


def _compiled(said: str, at: datetime, standards: list[Any]) -> bytes:
    found = _compiler("paper.typ").compile(
        sys_inputs={"paper": said}, format="pdf", pdf_standards=standards, timestamp=int(at.timestamp())
    )
    assert isinstance(found, bytes), "a PDF is one file"
    return found


def _compiler(name: str) -> typst.Compiler:
    kept: dict[str, typst.Compiler] = _own.__dict__.setdefault("compilers", {})
    if name not in kept:
        folder = Path(str(files(__package__)))
        kept[name] = typst.Compiler(folder / name, root=folder, ignore_system_fonts=True)
    return kept[name]


def _failed(trouble: typst.TypstError) -> PaperFailed:
    return PaperFailed(f"No se ha podido componer el PDF: {trouble.message}", detail=trouble.diagnostic)


def page_count(pdf: bytes) -> int:
    """Pages of a PDF of ours; 0 for what is none."""
    return max((int(count) for count in _PAGES.findall(pdf)), default=0)


def joined_pdf(letters: Sequence[bytes], *, title: str, at: datetime, duplex: bool = False) -> bytes:
    """Finished PDFs as one for the printer, each as it is.

    duplex: each begins on an odd page, so that two never share a sheet. Raises PaperFailed.
    """
    with tempfile.TemporaryDirectory(prefix="aldia-print-") as name:
        folder = Path(name)
        (folder / "joined.typ").write_bytes(files(__package__).joinpath("joined.typ").read_bytes())
        told = []
        for number, pdf in enumerate(letters):
            (folder / f"{number}.pdf").write_bytes(pdf)
            told.append({"file": f"{number}.pdf", "pages": page_count(pdf)})
        job = {"title": title, "duplex": duplex, "letters": told}
        compiler = typst.Compiler(folder / "joined.typ", root=folder, ignore_system_fonts=True)
        try:
            found = compiler.compile(
                sys_inputs={"job": json.dumps(job)}, format="pdf", timestamp=int(at.timestamp())
            )
        except typst.TypstError as trouble:
            raise _failed(trouble) from trouble
    assert isinstance(found, bytes), "a PDF is one file"
    return found
