"""Desk: the ladders, their editing and their rehearsal."""
