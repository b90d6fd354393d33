"""Measuring the daily run against what the database itself costs. docs/benchmarks.md."""
