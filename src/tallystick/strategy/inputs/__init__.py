"""What an assessment rests on: distributions with their origin, profiles, technology, the terms of a
regime.
"""
