"""Every address of the house. Rooms with screens are included here as they open."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
