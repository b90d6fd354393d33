"""The figures of a day, kept when it closes."""
