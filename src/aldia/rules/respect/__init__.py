"""What a text to a customer may not say, and what it has to say. docs/rules/respect.md."""
