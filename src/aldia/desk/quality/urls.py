"""Addresses: the acts that are looked at."""

from django.urls import path

from aldia.desk.quality import pages

urlpatterns = [
    path("", pages.show_sample, name="quality"),
    path("mias/", pages.show_mine, name="quality-mine"),
    path("llamada/<int:call_id>/", pages.call, name="quality-call"),
    path("mensaje/<int:message_id>/", pages.message, name="quality-message"),
]
