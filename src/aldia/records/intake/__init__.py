"""Files as they came in: bytes, mapping, findings, and where each batch stands."""
