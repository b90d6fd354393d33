"""Addresses: the ladders, their editing and their rehearsal."""

from django.urls import path

from aldia.desk.strategies import edit, show

urlpatterns = [
    path("", show.show_strategies, name="strategies"),
    path("nueva/", edit.new_strategy, name="strategy-new"),
    path("leer/", edit.read_text, name="strategy-read"),
    path("ensayar/", edit.rehearse, name="strategy-rehearse"),
    path("poner/", edit.put_in_force, name="strategy-set"),
    path("<str:name>/", show.show_strategy, name="strategy"),
    path("<str:name>/editar/", edit.edit_strategy, name="strategy-edit"),
    path("<str:name>/<int:version>/", show.show_version, name="strategy-version"),
]
