"""What regimes say, as text, pictures and one page."""
