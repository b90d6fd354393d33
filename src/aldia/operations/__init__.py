"""Floor 4: the only rooms that write. One verb, one transaction, one trace."""
