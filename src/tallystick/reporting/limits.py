"""What this version does not prove. Every report prints it."""

#: For the closing summary: one line each.
UNPROVEN: tuple[str, ...] = (
    "true telemetry: load behind a tampered meter; accelerators outside the inventory",
    "entries that were not drawn; runs that avoid lock-step; evasions not in the benchmark",
    "totals and caps over all entries: zero-knowledge proofs are missing in this version",
    "anything about real sites: both are simulated, and so is the clock that sealing goes by",
    "how much the opened readings give away: not measured; the cryptography: unaudited",
)

#: Statement, what it rests on, what it does not show (design, "what is proven, by what, and what is not").
STATEMENTS: tuple[tuple[str, str, str], ...] = (
    (
        "The account was not altered or forked afterwards.",
        "append-only log, heads cosigned by the other side's witness",
        "that it was true when it was written",
    ),
    (
        "Opened entries match the raw telemetry.",
        "random challenges and recomputation, with stated probability",
        "entries that were not drawn",
    ),
    (
        "No larger run hides behind smaller ones.",
        "accelerators grouped again without the operator's labels in drawn quarter-hours",
        "runs that are not in lock-step, or that work in few quarter-hours",
    ),
    (
        "The telemetry matches the physical load.",
        "energy against a sealed meter that both sides read",
        "load behind a tampered meter; one kind of work dressed as another at equal power",
    ),
    (
        "All accelerators are covered.",
        "the declared inventory, taken as given in this version",
        "accelerators that nobody declared",
    ),
    (
        "The work was, or was not, training.",
        "a classifier fitted on simulated sites, its model fixed by hash",
        "evasions and kinds of work that it has never seen; its error rates on real sites are poor",
    ),
    (
        "Totals and caps hold over all entries.",
        "nothing yet: zero-knowledge proofs are missing in this version",
        "any total that the operator states, beyond what opened entries and the meter support",
    ),
    (
        "Nothing secret is given away.",
        "only drawn entries are opened, under pseudonyms",
        "what power and utilisation readings reveal about the work: not measured in this version",
    ),
    (
        "All of this would hold at a real site.",
        "nothing yet: both sites, their sensors, their meters and the clock are simulated",
        "how the error rates look with real workloads; that samples were sealed at the true time",
    ),
)
