"""The texts of messages: placeholders, rendering, and those the house comes with. docs/rules/texts.md."""
