"""Desk: the creditor, its people and its mail."""
