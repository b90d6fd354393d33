"""Pure readers and writers: bytes to values and back; no database, no clock, no files."""
