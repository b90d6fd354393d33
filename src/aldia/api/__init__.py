"""Door for programs: `/api/v1`, JSON in and out, under a token. Translates, calls one operation or query, answers."""
