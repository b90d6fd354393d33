"""Calls and messages that were drawn to be looked at."""
