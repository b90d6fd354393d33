"""Desk: what leaves the house."""
