"""An RFC 6962 append-only log with C2SP checkpoints and witness cosignatures."""
