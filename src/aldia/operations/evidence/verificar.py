"""Comprueba un expediente de contactos: solo necesita Python 3.8 o posterior, y ninguna clave.

    python3 verificar.py [CARPETA_O_ZIP] [--cabeza HUELLA]

Vuelve a calcular la cadena de anotaciones y la huella de cada archivo. «--cabeza»: la última huella, conocida
por otro camino (un expediente anterior, el papel, la otra parte); sin ella se compara con la del propio
expediente. Termina con 0 si todo cuadra y con 1 si algo no cuadra, y dice qué.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LINE = re.compile(r'\{"seq":([1-9][0-9]*),"hash":"([0-9a-f]{64})","(entry|digest)":(.*)\}', re.DOTALL)
_SUMS = "SHA256SUMS.txt"


class Fault(Exception):
    """What is wrong, in words."""


def sha256(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def files_of(place: Path) -> dict[str, bytes]:
    """Name → content of everything in the folder or ZIP."""
    if place.is_dir():
        found = (each for each in place.rglob("*") if each.is_file())
        return {each.relative_to(place).as_posix(): each.read_bytes() for each in found}
    with zipfile.ZipFile(place) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def named_in(value: Any) -> Iterator[str]:
    """Every SHA-256 that an entry names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("sha256") and isinstance(inner, str) and inner:
                yield inner
            yield from named_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named_in(inner)


def check_chain(text: str) -> tuple[int, str, dict[str, list[int]], int]:
    """(last place, last hash, SHA-256 → places of the entries that name it, how many are shown)."""
    before, shown, place = "", 0, 0
    named: dict[str, list[int]] = {}
    for place, line in enumerate(text.rstrip("\n").split("\n") if text else [], start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise Fault(f"anotación {place}: la línea no tiene la forma debida")
        if int(found[1]) != place:
            raise Fault(
                f"anotación {place}: en su lugar está la {found[1]}; faltan, sobran o están cambiadas"
            )
        digest = sha256(found[4].encode()) if found[3] == "entry" else found[4].strip('"')
        if sha256((before + digest).encode()) != found[2]:
            raise Fault(f"anotación {place}: no es la que se anotó, o no enlaza con la anterior")
        before = found[2]
        if found[3] == "entry":
            shown += 1
            entry = json.loads(found[4])
            if entry["seq"] != place:
                raise Fault(f"anotación {place}: dice ser la {entry['seq']}")
            for fingerprint in named_in(entry["payload"]):
                named.setdefault(fingerprint, []).append(place)
    return place, before, named, shown


def check_contents(files: dict[str, bytes], named: dict[str, list[int]], missing: set[str]) -> None:
    """Every file that an entry names is there and is that file; nothing else is among them."""
    there = {name.split("/", 1)[1].split(".")[0]: name for name in files if name.startswith("contenido/")}
    for fingerprint, places in sorted(named.items(), key=lambda each: each[1]):
        who = f"anotación {places[0]}"
        if fingerprint in missing:
            continue
        if fingerprint not in there:
            raise Fault(f"{who}: falta el archivo {fingerprint} de «contenido»")
        if sha256(files[there[fingerprint]]) != fingerprint:
            raise Fault(f"{who}: el archivo {there[fingerprint]} no es el que se envió")
    for fingerprint in sorted(set(there) - set(named)):
        raise Fault(f"el archivo {there[fingerprint]} no lo nombra ninguna anotación")


def check_sums(files: dict[str, bytes]) -> None:
    """The list of all files, for what no entry names: the PDF, this text."""
    for line in files[_SUMS].decode().splitlines():
        fingerprint, name = line.split("  ", 1)
        if name not in files:
            raise Fault(f"falta el archivo {name}")
        if sha256(files[name]) != fingerprint:
            raise Fault(f"el archivo {name} no es el que se puso en el expediente")


def check(files: dict[str, bytes], head: str) -> str:
    """What was found in order, in words. Raises Fault."""
    for name in ("entries.jsonl", "resumen.json", _SUMS):
        if name not in files:
            raise Fault(f"falta el archivo {name}")
    last, end, named, shown = check_chain(files["entries.jsonl"].decode())
    summary = json.loads(files["resumen.json"])
    check_contents(files, named, set(summary["missing"]))
    told = (summary["head"]["seq"], summary["head"]["hash"])
    if (last, end) != told:
        raise Fault(f"anotación {last + 1}: la cadena acaba en la {last} y debería acabar en la {told[0]}")
    if head and head.lower() != end:
        raise Fault(f"la última huella es {end} y se esperaba {head.lower()}")
    for anchor in summary["anchors"]:
        line = files["entries.jsonl"].decode().split("\n")[anchor["seq"] - 1]
        if f'"hash":"{anchor["hash"]}"' not in line:
            raise Fault(f"anotación {anchor['seq']}: no es la que quedó fijada el {anchor['on']}")
    check_sums(files)
    withheld = f", {last - shown} de ellas solo con su huella" if last > shown else ""
    return (
        f"Todo cuadra: {last} anotaciones{withheld}, {len(named) - len(summary['missing'])} archivos.\n"
        f"Última huella: {end}"
    )


def main(arguments: list[str]) -> int:
    """0 when everything is in order, else 1."""
    head = ""
    if "--cabeza" in arguments:
        place = arguments.index("--cabeza")
        head = arguments[place + 1]
        del arguments[place : place + 2]
    where = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        told = check(files_of(where), head)
    except Fault as fault:
        sys.stdout.write(f"NO CUADRA: {fault}.\n")
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as trouble:
        sys.stdout.write(
            f"NO CUADRA: el expediente no se puede leer ({type(trouble).__name__}: {trouble}).\n"
        )
        return 1
    sys.stdout.write(told + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
