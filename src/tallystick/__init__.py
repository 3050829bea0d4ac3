"""Rivals keep one account of AI compute, and neither can alter it."""

__version__ = "0.1.0"
