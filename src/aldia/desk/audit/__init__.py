"""Desk: who did what."""
