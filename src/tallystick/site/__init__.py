"""The operator's own directory: samples, log, secrets, declarations. Private to the operator."""
