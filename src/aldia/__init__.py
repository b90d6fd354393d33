"""Al Día: accounts receivable and collections in one ledger. The floors are described in ARCHITECTURE.md."""
