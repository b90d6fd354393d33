"""The year simulator: a house, its customers, a clock, and a judge who knows none of their rules.

`year.py` lives one seeded year; `judge.py` looks at mailbox and rows after every moment in which something
could have left. How to read what it says: docs/reliability.md.
"""
