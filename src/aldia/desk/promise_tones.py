"""How the state of a promise looks."""

TONES = {"open": "al-accent", "kept": "al-good", "partly_kept": "al-warm", "broken": "al-bad"}
"""State of a promise → class of its chip; the others have none."""
