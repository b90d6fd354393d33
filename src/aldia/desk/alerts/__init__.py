"""Desk: what one has been told."""
