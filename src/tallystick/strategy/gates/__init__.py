"""Six conditions that a regime must meet for each state at each stage, as margins over all draws."""
