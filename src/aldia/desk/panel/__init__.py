"""Desk: the key figures and their pictures."""
