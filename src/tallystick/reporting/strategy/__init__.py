"""What strategy finds, as text, pictures, a report and a memo."""
