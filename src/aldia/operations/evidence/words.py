"""What the pack says of itself, and what its entries are called on paper."""

from collections.abc import Mapping
from typing import Any

from aldia.queries.outbox import why_label
from aldia.records.cases.models import CallDirection, CallKind, Reached
from aldia.records.outreach.models import ContactKind, DeliveryState, MessageChannel, ReplyKind
from aldia.records.parties.models import Channel

_READ_ME = """Expediente de contactos
=======================

{creditor} con {customer}.

Qué hay aquí
------------
expediente.pdf   Para leer: quién, qué periodo, el saldo, la lista de contactos por orden y cada mensaje tal
                 como salió.
entries.jsonl    El registro de contactos, una anotación por línea, en el orden en que se hicieron.
contenido/       El texto y los archivos de cada mensaje. El nombre de cada archivo es su huella SHA-256.
resumen.json     De qué se trata y en qué huella acaba la cadena.
SHA256SUMS.txt   La huella de todos los archivos.
verificar.py     Comprueba todo lo anterior.

Cómo se comprueba
-----------------
Con Python 3.8 o posterior, en la carpeta donde se ha descomprimido:

    python3 verificar.py

También directamente sobre el archivo comprimido: python3 verificar.py ARCHIVO.zip
No hace falta ninguna clave, ni conexión, ni el programa que hizo el expediente.

Cómo está hecho
---------------
Cada línea de entries.jsonl es: {{"seq":N,"hash":"H","entry":E}}

    D = SHA-256 del texto E tal como está escrito, en UTF-8
    H = SHA-256 del texto formado por la H de la línea anterior (nada en la primera) y D

Así, cambiar, quitar, añadir o mover una anotación cambia todas las huellas desde ella. Los mensajes y sus
archivos constan en la anotación por su huella (los nombres que acaban en «sha256»), de modo que tampoco se
pueden cambiar sin que se note.

Las anotaciones de fuera del periodo pedido, y las que por ley son confidenciales, llevan solo D
(«digest») en lugar de E: se comprueba que estaban ahí y en qué orden, sin enseñar lo que dicen.

Las horas de entries.jsonl son UTC; «at» es cuándo ocurrió y «recorded_at», cuándo se anotó.

Qué demuestra, y qué no
-----------------------
Que nada se ha cambiado después de la última huella que usted conozca por otro camino. Quien tuviera la base
de datos podría rehacer toda la cadena, pero no con esa misma huella: apunte la última huella del expediente
y compárela en uno posterior (python3 verificar.py --cabeza HUELLA). Además, cada día de proceso el acreedor
deja fijadas las huellas en su registro de auditoría, sellado con una clave que no está en la base de datos
(«anchors» en resumen.json).

«Enviado» quiere decir que el servidor o el operador del otro lado lo aceptó; la entrega consta aparte, si la
comunicó. Los archivos de «missing», en resumen.json, ya no se conservan: consta su huella.
"""


def read_me(creditor: str, customer: str) -> str:
    """LEEME.txt."""
    return _READ_ME.format(creditor=creditor, customer=customer)


def channel_words(channel: str) -> str:
    """«Correo electrónico», «Teléfono»; the code itself where it is unknown, "" for none."""
    if channel in MessageChannel.values:
        return str(MessageChannel(channel).label)
    if channel == CallKind.VISIT:
        return str(CallKind.VISIT.label)
    return str(Channel(channel).label) if channel in Channel.values else channel


def kind_words(kind: str) -> str:
    """«Enviado»."""
    return str(ContactKind(kind).label)


def outcome_words(kind: str, payload: Mapping[str, Any]) -> list[str]:
    """What came of it, in lines."""
    said: list[str] = []
    if kind == "delivery" and payload.get("state") in DeliveryState.values:
        said.append(str(DeliveryState(payload["state"]).label))
    if kind == "reply" and payload.get("reply_kind") in ReplyKind.values:
        said.append(str(ReplyKind(payload["reply_kind"]).label))
    if kind in ("refused", "skipped"):
        why = payload.get("rule") or payload.get("reason")
        said += [why_label(str(why))] if why else []
        said += [f"Fuente: {payload['source']}"] if payload.get("source") else []
    if kind == "call":
        said += _call_words(payload)
    for name in ("said", "detail", "until", "tracking"):
        if payload.get(name):
            said.append(str(payload[name])[:300])
    return said


def _call_words(payload: Mapping[str, Any]) -> list[str]:
    """What somebody wrote down of a call; of a planned one that was ticked off, whether it was made."""
    if "outcome" not in payload:
        return ["Hecha" if payload.get("done") else "No hecha"]
    said = ["Del cliente"] if payload.get("direction") == CallDirection.IN else []
    if payload.get("reached") in Reached.values:
        said.append(str(Reached(payload["reached"]).label))
    said.append(str(payload.get("label") or payload["outcome"])[:300])
    return [*said, "Corrige una anotación anterior"] if payload.get("corrects") else said
