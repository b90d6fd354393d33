"""Programs that stand in for the other side in tests, and judge it."""
