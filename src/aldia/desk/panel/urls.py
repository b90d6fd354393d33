"""Addresses: the key figures and their pictures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
