"""Pedersen commitments and Bulletproofs range proofs on ristretto255. Nobody has audited this room.

Byte-compatible with the Rust crate zkcrypto/bulletproofs, so that unrelated code can check our proofs
and make proofs that we check. ``range_proof`` is the room's door: ``prove``, ``verify``, ``verify_batch``.
The group's arithmetic is libsodium's, through ``ristretto``; scalars are Python integers modulo the
group's order. Python integers are not constant-time: prove on a machine that you trust.
"""
