"""Small published models of bargaining, inspection, races and coalitions: one file each, pure functions."""
