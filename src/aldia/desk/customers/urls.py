"""Addresses: the list of customers and the sheet of one."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
