"""How tables are walled: migration operations, checks, tables without tenant, inspection."""
