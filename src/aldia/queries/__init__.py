"""Floor 3: the only rooms that ask the database. They write nothing."""
