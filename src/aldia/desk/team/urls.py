"""Addresses: the team's day."""

from django.urls import path

from aldia.desk.team import page

urlpatterns = [
    path("", page.show_team, name="team-board"),
    path("pasar/", page.hand_over, name="team-hand-over"),
]
