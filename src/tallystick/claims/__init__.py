"""Claims about the committed matrix, proven in zero knowledge (``spec/claims.md``).

A *statement* is what is claimed: one file a kind (``total``, ``cap``, ``pause``, ``energy``, ``capacity``,
``coverage``, ``classes``). ``public_record`` holds what a verifier knows without the prover; ``prove`` makes
a claim and ``verify`` checks it; ``claim`` reads and writes it. A statement about amounts becomes ``bounds``:
linear forms over the matrix that equal, or do not pass, a public number. Nobody has audited this room.
"""
