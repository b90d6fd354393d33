"""Addresses: what messages say."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
