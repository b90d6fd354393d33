"""Addresses: who did what."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
