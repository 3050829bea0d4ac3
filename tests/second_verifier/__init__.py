"""Parts of a second verifier of bundles, written from spec/ alone: shares no code with the first.

Unfinished. Here are encoding, trees, ristretto255, Merlin, range proofs, knowledge of a scalar, and claims.
Key changes, due rows in general, and the draw are not written yet.
"""
