"""Addresses: the ladders, their editing and their rehearsal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
