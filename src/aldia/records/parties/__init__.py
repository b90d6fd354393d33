"""Who owes: customers, whom they pay for, and through whom they may be reached."""
