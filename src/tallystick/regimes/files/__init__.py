"""What a regime file may hold, and reading one."""
