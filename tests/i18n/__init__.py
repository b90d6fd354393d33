"""What the house says, and that it says it in every language of its screens."""
