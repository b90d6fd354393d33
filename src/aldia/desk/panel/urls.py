"""Addresses: the key figures and their pictures."""

from django.urls import path

from aldia.desk.panel import page

urlpatterns = [path("", page.show_panel, name="panel")]
