"""Desk: what customers answer."""
