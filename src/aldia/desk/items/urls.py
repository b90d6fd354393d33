"""Addresses: open items."""

from django.urls import path

from aldia.desk.items import line, listing

urlpatterns = [
    path("", listing.show_items, name="items"),
    path("<int:line_id>/", line.show_line, name="item"),
    path("<int:line_id>/baja/", line.write_off_line, name="write-off"),
]
