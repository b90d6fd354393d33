"""Addresses: the team's day, who is in it and how much they take."""

from django.urls import path

from aldia.desk.team import acts, page

urlpatterns = [
    path("", page.show_team, name="team"),
    path("gestor/", acts.put_collector, name="team-collector"),
    path("gestor/quitar/", acts.take_out, name="team-collector-out"),
    path("pasar/", acts.hand_over, name="team-hand-over"),
    path("nuevo/", acts.new_team, name="team-new"),
    path("terminar/", acts.close_team, name="team-end"),
    path("grandes/", acts.large_accounts, name="team-large"),
]
