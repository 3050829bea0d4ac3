"""An inspection as text, JSON, pictures and a report."""
