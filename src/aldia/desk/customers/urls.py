"""Addresses: the list of customers."""

from django.urls import path

from aldia.desk.customers import listing, views

urlpatterns = [
    path("", listing.show_customers, name="customers"),
    path("vistas/", views.keep_view, name="view-keep"),
    path("vistas/<int:view_id>/olvidar/", views.forget_view, name="view-forget"),
    path("filtro/", listing.filter_field, name="customers-field"),
]
