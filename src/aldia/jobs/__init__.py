"""The clockwork: periodic tasks that look for rows and call operations; ids only."""
