"""A regime as data in memory: its terms, conditions, dates and institution."""
