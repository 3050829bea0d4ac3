"""What many regimes at once ask of one developer: what merges, collides, falls between, and what it costs."""
