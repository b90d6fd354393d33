"""Door for programs: `/api/v1`, JSON in and out, under a token. Translates, asks one room below, answers."""
