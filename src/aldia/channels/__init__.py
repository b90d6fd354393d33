"""How things leave the house: one room per way, which can send and say what became of it, no more."""
