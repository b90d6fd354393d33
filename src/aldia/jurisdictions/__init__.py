"""Law as data: one file for each country, every section with its source, and the loader that reads them."""
