"""Desk: promises to pay, by date."""
