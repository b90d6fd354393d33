"""Rules over the whole portfolio, as column expressions; one customer is a portfolio of one."""
