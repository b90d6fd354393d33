"""Is the installation sound? One check per thing that has to hold, each with what to do when it does not."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection, transaction

from aldia.connectors.postgres import DatabaseTrouble, configured_urls, current_home, ensure_server
from aldia.connectors.postgres.server import OLDEST_VERSION
from aldia.kernel import clock
from aldia.queries.pending import pending_migrations
from aldia.queries.reconciliation import sending_lock
from aldia.queries.verify_contacts import contact_faults
from aldia.records.schema.inspection import (
    foreign_keys_not_composite,
    policies_not_forced,
    roles_that_bypass,
    tables_owned_by,
    tables_truncatable_by,
    tables_without_policy,
)
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

CLOCK_SECONDS_MAX = 5
FREE_BYTES_MIN = 1 << 30
_NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Check:
    """name: stable, for programs. title, sentence: Spanish. remedy: what to do, "" when all is well."""

    name: str
    title: str
    ok: bool
    sentence: str
    remedy: str = ""


def examine() -> list[Check]:
    """Every check that can be made; where the server does not answer, only the folder's."""
    checks = [_folder_is_writable(), _disk_has_room()]
    try:
        ensure_server()
    except DatabaseTrouble as trouble:
        remedy = "Compruebe «aldia db status» y el registro «server.log» de la carpeta de datos."
        return [*checks, Check("server", "Servidor", False, trouble.sentence, remedy)]
    pending = _no_pending_migrations()
    checks += [_version(), _settings(), _clock(), pending]
    return [*checks, *_walls(), *(_house() if pending.ok else [])]


def _check(name: str, title: str, faults: Sequence[str], *, good: str, bad: str, remedy: str) -> Check:
    """All is well when there are no faults; else the first few are named."""
    if not faults:
        return Check(name, title, True, good)
    more = f" y {len(faults) - _NAMES_SHOWN} más" if len(faults) > _NAMES_SHOWN else ""
    return Check(name, title, False, f"{bad}: {', '.join(faults[:_NAMES_SHOWN])}{more}.", remedy)


def _folder_is_writable() -> Check:
    folder = current_home().folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Check("home", "Carpeta de datos", True, f"Se puede escribir en «{folder}».")
    except OSError as error:
        remedy = "Indique en ALDIA_HOME una carpeta donde pueda escribir."
        return Check(
            "home", "Carpeta de datos", False, f"«{folder}»: {os.strerror(error.errno or 0)}.", remedy
        )


def _disk_has_room() -> Check:
    folder = current_home().folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    sentence = f"Quedan {free // (1 << 30)} GiB libres."
    if free >= FREE_BYTES_MIN:
        return Check("disk", "Disco", True, sentence)
    return Check("disk", "Disco", False, sentence, "Libere espacio: hace falta al menos 1 GiB.")


def _version() -> Check:
    number, text = int(str(_value("SHOW server_version_num"))), str(_value("SHOW server_version"))
    place = "incorporado" if configured_urls().embedded else "propio"
    remedy = "" if number >= OLDEST_VERSION else "Instale PostgreSQL 16 o posterior."
    return Check("server", "Servidor", number >= OLDEST_VERSION, f"PostgreSQL {text}, {place}.", remedy)


_WANTED = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "server_encoding": "UTF8",
}


def _settings() -> Check:
    found = {name: str(_value(f"SHOW {name}")) for name in _WANTED}
    faults = [f"{name} = {found[name]}" for name, wanted in _WANTED.items() if found[name] != wanted]
    return _check(
        "settings",
        "Ajustes",
        faults,
        good="Lo confirmado queda escrito en disco, en UTF-8.",
        bad="Un corte de luz podría perder datos",
        remedy="Ponga fsync, full_page_writes y synchronous_commit en «on», y la base de datos en UTF8.",
    )


def _clock() -> Check:
    if clock.is_simulated():
        return Check("clock", "Reloj", True, "ALDIA_NOW simula la hora: no se compara con el servidor.")
    there = _value("SELECT clock_timestamp()")
    assert isinstance(there, datetime)
    apart = abs((there.astimezone(UTC) - clock.now()).total_seconds())
    if apart < CLOCK_SECONDS_MAX:
        return Check("clock", "Reloj", True, "Servidor y proceso tienen la misma hora.")
    sentence = f"Servidor y proceso difieren en {apart:.0f} segundos."
    return Check("clock", "Reloj", False, sentence, "Ponga en hora ambas máquinas (NTP).")


def _no_pending_migrations() -> Check:
    return _check(
        "migrations",
        "Tablas",
        pending_migrations(),
        good="Están al día.",
        bad="Faltan migraciones",
        remedy="Ejecute «aldia db migrate».",
    )


def _walls() -> Iterator[Check]:
    with connection.cursor() as cursor:
        app = str(_value("SELECT current_user"))
        yield _check(
            "roles",
            "Usuarios",
            [
                *roles_that_bypass(cursor, [app]),
                *(f"es dueño de {table}" for table in tables_owned_by(cursor, app)),
                *(f"puede vaciar {table}" for table in tables_truncatable_by(cursor, app)),
            ],
            good=f"«{app}» trabaja sin ser dueño de las tablas ni saltarse los muros.",
            bad=f"«{app}» puede demasiado",
            remedy="Use para DATABASE_URL un usuario sin SUPERUSER ni BYPASSRLS que no sea el propietario.",
        )
        yield _check(
            "policies",
            "Muros entre acreedores",
            tables_without_policy(cursor),
            good="Todas las tablas tienen seguridad por filas.",
            bad="Tablas sin seguridad por filas",
            remedy="Ejecute «aldia db migrate»; si sigue, avise a quien mantiene el programa.",
        )
        yield _check(
            "forced",
            "Muros para el propietario",
            policies_not_forced(cursor),
            good="También le obligan a él.",
            bad="No le obligan en",
            remedy="Ejecute ALTER TABLE … FORCE ROW LEVEL SECURITY en esas tablas.",
        )
        yield _check(
            "keys",
            "Claves compuestas",
            foreign_keys_not_composite(cursor),
            good="Ninguna fila puede apuntar a otro acreedor.",
            bad="Claves que no llevan el acreedor",
            remedy="Ejecute «aldia db migrate»; si sigue, avise a quien mantiene el programa.",
        )


def _house() -> Iterator[Check]:
    known = dict(Creditor.objects.order_by("code").values_list("code", "time_zone"))
    yield _check(
        "time_zones",
        "Husos horarios",
        [f"{code}: {zone}" for code, zone in known.items() if not _is_zone(zone)],
        good="Los de todos los acreedores se conocen.",
        bad="No se conocen",
        remedy="Instale los datos horarios del sistema (paquete tzdata).",
    )

    yield _check(
        "contacts",
        "Registros de contactos",
        list(_altered_logs()),
        good="Todas las cadenas están enteras.",
        bad="No están como se escribieron",
        remedy="Ejecute «aldia verify» para ver cada anotación, y compare con una copia de seguridad.",
    )

    lock = sending_lock()
    yield (
        Check("sending", "Envíos", True, "No están bloqueados.")
        if lock is None
        else Check(
            "sending",
            "Envíos",
            False,
            f"Están bloqueados desde el {lock.at:%d/%m/%Y}. {lock.reason}",
            "Compare lo enviado y quite el bloqueo con «aldia reconcile».",
        )
    )


def _altered_logs() -> Iterator[str]:
    for creditor in Creditor.objects.order_by("code"):
        with transaction.atomic(), scope([creditor.pk]):
            yield from (f"{creditor.code}: {sentence}" for sentence, _facts in contact_faults(creditor.pk))


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None
    return row[0]
