"""What a file is, by its content and never by its name: a PDF, or an electronic invoice in XML."""

import hashlib
from dataclasses import dataclass
from xml.parsers.expat import ExpatError, ParserCreate

from aldia.kernel.errors import AldiaError

FILE_BYTES_MAX = 5 * 1024 * 1024
PDF, XML = "application/pdf", "application/xml"
_HEAD, _TAIL = 1024, 2048  # where readers look for the marks of a PDF (ISO 32000-1, annex H)
_DEPTH_MAX = 100
_ROOTS = frozenset(
    {
        "facturae",  # Spain
        "invoice",  # UBL: Peppol, Peru, Colombia
        "creditnote",
        "attacheddocument",  # Colombia
        "crossindustryinvoice",  # Factur-X, ZUGFeRD
        "comprobante",  # Mexico
        "dte",  # Chile
        "enviodte",
        "setdte",
        "cfe",  # Uruguay
        "factura",  # Ecuador
        "autorizacion",
        "facturaelectronica",  # Costa Rica
        "fatturaelettronica",  # Italy
    }
)
"""Outermost elements of electronic invoices, in small letters and without name space."""


class CopyRefused(AldiaError):
    """A file or an address that cannot be the copy of a document. facts: file."""

    code = "copy_refused"


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """A file that may be a copy. kind: pdf or xml. sha256: of its content, in hex."""

    kind: str
    content_type: str
    content: bytes
    sha256: str


def read_copy(content: bytes, name: str = "") -> ReadCopy:
    """The file as what it is. name: for the sentence. Raises CopyRefused."""
    if not content:
        raise CopyRefused("El archivo está vacío.", file=name)
    if len(content) > FILE_BYTES_MAX:
        raise CopyRefused(f"El archivo pasa de {FILE_BYTES_MAX // 1024**2} MB.", file=name)
    digest = hashlib.sha256(content).hexdigest()
    if b"%PDF-" in content[:_HEAD]:
        if b"%%EOF" not in content[-_TAIL:]:
            raise CopyRefused("El PDF está cortado: le falta el final.", file=name)
        return ReadCopy("pdf", PDF, content, digest)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse_odd_xml(content, name)
        return ReadCopy("xml", XML, content, digest)
    raise CopyRefused("No es un PDF ni una factura electrónica en XML.", file=name)


def _refuse_odd_xml(content: bytes, name: str) -> None:
    """Well formed, without declarations of its own, and an invoice by its outermost element."""
    roots: list[str] = []
    depth = 0

    def begun(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH_MAX:
            raise CopyRefused("El XML está anidado demasiado hondo.", file=name)
        if not roots:
            roots.append(tag.rpartition(":")[2].lower())

    def ended(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_what: object) -> None:
        raise CopyRefused("El XML trae declaraciones (DOCTYPE) que una factura no lleva.", file=name)

    parser = ParserCreate()
    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    try:
        parser.Parse(content, True)
    except (ExpatError, ValueError, LookupError) as error:
        raise CopyRefused("El XML está mal formado.", file=name) from error
    if roots[0] not in _ROOTS:
        raise CopyRefused(
            f"Es un XML, pero no una factura electrónica que conozcamos («{roots[0][:40]}»).", file=name
        )
