"""Desk: the day of those who work cases."""
