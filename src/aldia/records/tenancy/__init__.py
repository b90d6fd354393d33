"""Who is owed, and who may work for them."""
