"""What a regime makes of the facts on a day."""
