"""Parts of a second verifier of bundles, written from spec/ alone: shares no code with the first.

Unfinished. Here are encoding, trees, ristretto255, Merlin, range proofs and knowledge of a scalar.
The checks of
a bundle, of its claims and of an opening are not written yet.
"""
