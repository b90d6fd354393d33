"""Addresses: what customers answer."""

from django.urls import path

from aldia.desk.inbox import acts, pages

urlpatterns = [
    path("", pages.show_inbox, name="inbox"),
    path("carta/", pages.show_card, name="inbox-card"),
    path("<int:inbound_id>/", pages.show_message, name="inbound"),
    path("<int:inbound_id>/original/", pages.download, name="inbound-raw"),
    path("<int:inbound_id>/confirmar/", acts.confirm_message, name="inbound-confirm"),
    path("<int:inbound_id>/copia/", acts.send_copy, name="inbound-copy"),
    path("<int:inbound_id>/descartar/", acts.dismiss_message, name="inbound-dismiss"),
    path("<int:inbound_id>/cliente/", acts.assign_message, name="inbound-assign"),
]
