"""Desk: money in."""
