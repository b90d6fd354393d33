"""The way in for a web server (granian, or any other that speaks WSGI)."""

import os

from django.core.wsgi import get_wsgi_application

from aldia.connectors.postgres import ensure_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aldia.project.settings")
os.environ.setdefault(
    "ALDIA_DB_POOL", "8"
)  # a web server keeps its connections: four times the requests per second

ensure_server()
application = get_wsgi_application()
