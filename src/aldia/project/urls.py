"""Every address of the house. Rooms with screens are included here as they open."""

from django.urls import URLPattern, URLResolver, include, path

from aldia.api.hooks import METHODS, hook
from aldia.api.urls import api
from aldia.desk.access import READ
from aldia.desk.policy import Door, Policy, declared
from aldia.portal.copies import METHODS as COPY_METHODS
from aldia.portal.copies import give_copy
from aldia.project.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("salud", declared(health, Policy(Door.STREET, None, READ)), name="health"),
    path("api/v1/", api.urls),
    path(
        "api/hooks/<slug:code>/<slug:source>/",
        declared(hook, Policy(Door.SIGNED, None, METHODS)),
        name="hook",
    ),
    path(
        "copias/<slug:code>/<str:token>/",
        declared(give_copy, Policy(Door.STREET, None, COPY_METHODS)),
        name="copy",
    ),
    path("", include("aldia.desk.urls")),
    path("", include("aldia.desk.account.urls")),
]

handler400 = "aldia.desk.errors.bad_request"
handler403 = "aldia.desk.errors.refused"
handler404 = "aldia.desk.errors.not_found"
handler429 = "aldia.desk.errors.too_many"
handler500 = "aldia.desk.errors.broken"
