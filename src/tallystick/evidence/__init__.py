"""Encoding, signing and the append-only log. The cryptography has not been audited by anybody."""
