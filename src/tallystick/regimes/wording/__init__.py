"""Answers and regimes as text."""
