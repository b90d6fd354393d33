"""Desk: the list of customers and the sheet of one."""
