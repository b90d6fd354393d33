"""Addresses: the list of customers."""

from django.urls import path

from aldia.desk.customers import listing

urlpatterns = [
    path("", listing.show_customers, name="customers"),
    path("filtro/", listing.filter_field, name="customers-field"),
]
