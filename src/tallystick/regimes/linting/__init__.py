"""Checks of regime files: values, references, overlaps, and the cases in the file."""
