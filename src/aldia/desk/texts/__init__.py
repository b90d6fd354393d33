"""Desk: what messages say."""
