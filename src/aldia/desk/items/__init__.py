"""Desk: open items."""
