"""A copy put back into a database of its own and looked at: are all rows there, do the books hold?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from aldia.connectors.postgres import Urls, with_database
from aldia.connectors.postgres.as_owner import in_database, migrate
from aldia.connectors.postgres.backup import load, whole_view
from aldia.connectors.postgres.urls import url_parts
from aldia.operations.backup.archive import Opened
from aldia.operations.backup.errors import BackupUnproven
from aldia.queries.backups import Facts, facts_of
from aldia.queries.creditors import all_creditors
from aldia.queries.verify import Violation
from aldia.queries.verify import verify as violations_of
from aldia.records.tenancy.scope import scope

_NAMES_SHOWN = 5


def roles_here(urls: Urls) -> dict[str, str]:
    """The names our two roles have on this server."""
    return {"owner": url_parts(urls.owner)["user"], "app": url_parts(urls.app)["user"]}


@contextmanager
def put_back(copy: Opened, *, urls: Urls, database: str) -> Iterator[None]:
    """Load a copy into that empty database and bring it up to date; inside, Django works in it.

    Raises BackupUnproven unless every table has its rows and every chain its end.
    """
    roles, here = copy.manifest.roles, roles_here(urls)
    load(
        copy.dump,
        owner_url=urls.owner,
        database=database,
        roles={roles[part]: here[part] for part in here},
    )
    _refuse_other_facts(urls, database, copy.manifest.facts)
    with in_database(database):
        migrate()
        yield


def _refuse_other_facts(urls: Urls, database: str, facts: Facts) -> None:
    there = replace(
        urls,
        app=with_database(urls.app, database),
        owner_or_none=with_database(urls.owner, database),
    )
    with whole_view(there) as (view, _seer, _snapshot):
        differences = facts.differences(facts_of(view))
    if differences:
        more = f" y {len(differences) - _NAMES_SHOWN} más" if len(differences) > _NAMES_SHOWN else ""
        raise BackupUnproven(
            "Lo que se recupera de la copia no es lo que se copió; difieren"
            f" {', '.join(differences[:_NAMES_SHOWN])}{more}.",
            differences=differences,
        )


def violations() -> dict[str, list[Violation]]:
    """What `aldia verify` finds where Django works, by creditor's code; nothing for who is sound."""
    found: dict[str, list[Violation]] = {}
    for creditor in all_creditors():
        with transaction.atomic(), scope([creditor.pk]):
            wrong = violations_of(creditor.pk)
        if wrong:
            found[creditor.code] = wrong
    return found
