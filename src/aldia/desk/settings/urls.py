"""Addresses: the creditor, its people and its mail."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
