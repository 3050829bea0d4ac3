"""Which change of a text would turn its verdict: clause changes, alone, in pairs and in threes."""
