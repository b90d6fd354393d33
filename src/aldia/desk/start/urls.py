"""Addresses: the first six questions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
