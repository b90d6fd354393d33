"""What is owed and what came in: rows that only grow, and two balances kept by the database."""
