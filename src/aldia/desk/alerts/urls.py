"""Addresses: what one has been told."""

from django.urls import path

from aldia.desk.alerts import pages

urlpatterns = [
    path("", pages.show_alerts, name="alerts"),
    path("leidos/", pages.read, name="alerts-read"),
    path("comercial/", pages.foretold, name="alerts-foretold"),
    path("resumen/", pages.digest, name="alerts-digest"),
]
