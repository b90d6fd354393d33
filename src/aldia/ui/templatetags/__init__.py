"""Filters for templates: how money, dates and counts are written."""
