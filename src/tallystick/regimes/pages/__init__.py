"""A page in Markdown for each regime."""
