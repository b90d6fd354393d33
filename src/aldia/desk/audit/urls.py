"""Addresses: who did what."""

from django.urls import URLPattern, path

from aldia.desk.audit import pages

urlpatterns: list[URLPattern] = [
    path("", pages.show_audit, name="audit"),
    path("descargar/", pages.download, name="audit-download"),
]
