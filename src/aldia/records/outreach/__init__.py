"""What is said to customers, and what they say back."""
