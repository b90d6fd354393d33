"""Desk: files in, step by step."""
