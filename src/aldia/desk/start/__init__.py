"""Desk: the first six questions."""
