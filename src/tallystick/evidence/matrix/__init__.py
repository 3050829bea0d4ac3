"""The committed matrix: per subject and day one row of Pedersen commitments (``spec/commitments.md``).

``columns`` says what the columns mean, ``amounts`` what a cell holds, ``place`` where a row stands. ``row``
commits and proves, ``check_row`` verifies, ``sums`` adds rows up. Not yet in the bundle. Nobody has audited
this room.
"""
