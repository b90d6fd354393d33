"""Migrations run as the owner; before and after, Django works as the application."""

import subprocess
import sys

import pytest

from aldia.connectors.postgres import ensure_server

_PROGRAM = """
import django
from django.conf import settings
from aldia.connectors.postgres import configured_urls, django_database

settings.configure(
    DATABASES={"default": django_database(configured_urls().app)},
    INSTALLED_APPS=["django.contrib.contenttypes"],
    USE_TZ=True,
)
django.setup()

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from aldia.connectors.postgres.as_owner import as_owner, migrate
from aldia.connectors.postgres.errors import DatabaseTrouble

def who():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user || '@' || current_database()")
        return cursor.fetchone()[0]

migrate()
with as_owner():
    print(who())
print(who())
print(ContentType.objects.create(app_label="x", model="y").pk > 0)
with connection.cursor() as cursor:
    cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    print(cursor.fetchall())
try:
    with transaction.atomic(), as_owner():
        print("never")
except DatabaseTrouble as error:
    print(error.sentence)
print(who())
"""


@pytest.mark.slow
def test_the_owner_migrates_and_the_application_works(own_home):
    ensure_server()
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "aldia_owner@aldia",
        "aldia_app@aldia",
        "True",
        "[('aldia_owner',)]",
        "No se puede cambiar de usuario en medio de una transacción.",
        "aldia_app@aldia",
    ]
