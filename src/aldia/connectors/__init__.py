"""Adapters to what stands outside the house: the database server, and later providers."""
