"""Would a regime hold, where does it break, and what would it take? Shares of an ensemble, never a
forecast.
"""
