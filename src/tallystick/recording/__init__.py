"""Recording: what the driver of the GPUs at hand reads while a command runs, as a labelled sample table."""
