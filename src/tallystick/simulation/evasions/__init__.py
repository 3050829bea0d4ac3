"""Ways to hide training from telemetry: strategies with parameters, each with what it costs the evader."""
