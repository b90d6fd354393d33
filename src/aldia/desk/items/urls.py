"""Addresses: open items."""

from django.urls import path

from aldia.desk.items import copies, disputes, line, listing

urlpatterns = [
    path("", listing.show_items, name="items"),
    path("<int:line_id>/", line.show_line, name="item"),
    path("copias/", copies.bring_many, name="copies-new"),
    path("<int:line_id>/copia/", copies.bring, name="copy-new"),
    path("<int:line_id>/copia/enlace/", copies.link, name="copy-link"),
    path("<int:line_id>/copia/<slug:kind>/retirar/", copies.withdraw, name="copy-withdraw"),
    path("<int:line_id>/copia/<int:copy_id>/", copies.download, name="copy"),
    path("<int:line_id>/incidencias/<int:dispute_id>/", disputes.end, name="dispute-end"),
    path("<int:line_id>/baja/", line.write_off_line, name="write-off"),
]
