"""Addresses: promises to pay."""

from django.urls import path

from aldia.desk.promises import pages

urlpatterns = [
    path("", pages.show_promises, name="promises"),
    path("<int:promise_id>/retirar/", pages.withdraw, name="promise-withdraw"),
]
