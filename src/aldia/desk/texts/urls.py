"""Addresses: what messages say."""

from django.urls import path

from aldia.desk.texts import edit, listing

urlpatterns = [
    path("", listing.show_texts, name="texts"),
    path("ver/", edit.read_text, name="text-read"),
    path("guardar/", edit.save, name="text-save"),
    path("<str:template>/<str:channel>/<str:form>/", edit.edit_text, name="text"),
]
