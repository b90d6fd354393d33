"""Texts that a provider has approved beforehand: WhatsApp takes no others outside a conversation.

A text of ours may have an approved one in its place. Its words are then the message's words, so that what is
on record is what was said: `Hola, {{1}}: por su factura, {{2}}`, the numbers filled from our placeholders in
order.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aldia.rules.texts.placeholders import PLACEHOLDERS

BODY_MAX = 1024  # characters, WhatsApp's own limit of a body
_MARK = re.compile(r"\{\{\s*([0-9]{1,2})\s*\}\}")
_NAME = re.compile(r"[A-Za-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Approved:
    """name: the template's, or its content SID. language: as the provider writes it, `es`, `es_MX`. body:
    the approved words with {{1}}, {{2}}. placeholders: ours, in the order of the numbers."""

    name: str
    language: str
    body: str
    placeholders: tuple[str, ...] = ()


def approved_from(kept: Mapping[str, Any]) -> dict[str, Approved]:
    """Our template → its approved text, from an account's settings that were checked when they were kept."""
    return {
        template: Approved(
            name=str(each["name"]),
            language=str(each["language"]),
            body=str(each["body"]),
            placeholders=tuple(map(str, each["placeholders"])),
        )
        for template, each in kept.items()
    }


def parameters(approved: Approved, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """(placeholder, its words) in the order of the numbers, each on one line as providers want it."""
    return [(name, " ".join(values.get(name, "").split())) for name in approved.placeholders]


def filled(approved: Approved, values: Mapping[str, str]) -> str:
    """The words as they will be read; what a value contains is never looked at again."""
    words = [value for _name, value in parameters(approved, values)]
    return _MARK.sub(
        lambda found: words[int(found[1]) - 1] if 0 < int(found[1]) <= len(words) else found[0],
        approved.body,
    )


def faults_in_approved(template: str, kept: object) -> Iterator[str]:
    """What a person has to mend before the mapping can be kept, as Spanish sentences."""
    if not isinstance(kept, Mapping) or not {"name", "language", "body"} <= set(kept):
        yield f"A la plantilla de «{template}» le falta el nombre, el idioma o el texto aprobado."
        return
    names = kept.get("placeholders", [])
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        yield f"Los datos de la plantilla de «{template}» son una lista de nombres, como cliente, total."
        return
    yield from _faults(template, str(kept["name"]), str(kept["language"]), str(kept["body"]), names)


def _faults(
    template: str, name: str, language: str, body: str, names: list[str] | tuple[str, ...]
) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"«{name[:40]}» no es el nombre de una plantilla aprobada: solo letras, cifras y «_»."
    if not _LANGUAGE.fullmatch(language):
        yield f"«{language[:20]}» no es un idioma: suele ser es, es_ES o es_MX."
    if not body.strip() or len(body) > BODY_MAX:
        yield f"El texto aprobado de «{template}» va de 1 a {BODY_MAX} caracteres."
    numbers = sorted({int(found) for found in _MARK.findall(body)})
    if numbers != list(range(1, len(names) + 1)):
        yield (
            f"El texto aprobado de «{template}» tiene {len(numbers)} huecos ({{{{1}}}}, {{{{2}}}}…) y usted"
            f" ha dado {len(names)} datos: cada hueco necesita el suyo, en orden."
        )
    for each in names:
        if each not in PLACEHOLDERS or each == "partidas":
            yield f"No hay ningún dato que se llame {{{each}}} para una plantilla: elija uno de la lista."
