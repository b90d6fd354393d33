"""Desk: the working day, case by case."""
