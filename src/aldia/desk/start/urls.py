"""Addresses: the first six questions."""

from django.urls import URLPattern, path

from aldia.desk.start import pages

urlpatterns: list[URLPattern] = [
    path("", pages.ask, name="start"),
    path("propuesta/", pages.show_proposal, name="start-proposal"),
    path("aplicar/", pages.apply, name="start-apply"),
]
