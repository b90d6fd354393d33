"""What was decided about each customer, under which strategy, in which run."""
