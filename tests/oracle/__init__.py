"""An independent reckoning of portfolio and decisions, in plain loops, written from docs/rules alone.

It shares no code with the engine: other data structures, another method for interest (day by day), another
reader of conditions. Where the two disagree, one of them or the rules are wrong.
"""
