"""Door: the few pages of the house that a customer opens without logging in, each by an address we signed."""
