"""Desk: what waits for a person today, and what was decided about everybody."""
