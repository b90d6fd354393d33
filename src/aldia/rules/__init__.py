"""Floor 1: pure decisions. No Django, no clock, no file: values and frames in, values and frames out."""
