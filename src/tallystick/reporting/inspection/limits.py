"""What this version does not prove. Every report prints it."""

#: For the closing summary: one line each.
UNPROVEN: tuple[str, ...] = (
    "true telemetry: load behind a tampered meter; accelerators outside the inventory",
    "entries that were not drawn; runs that avoid lock-step; evasions not in the benchmark",
    "that no larger run hides behind smaller ones: checked only roughly",
    "that committed amounts are true: proofs speak of numbers, samples and the meter of the world",
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
        "random challenges and recomputation; the stated probability rests on assumed error rates",
        "entries that were not drawn",
    ),
    (
        "No larger run hides behind smaller ones.",
        "not supported in this version, only checked roughly: accelerators grouped again without the "
        "operator's labels in drawn quarter-hours give a hint, whose error rates are not measured",
        "whether it is one run or several one after the other on the same accelerators; runs that are "
        "not in lock-step, or that work in few quarter-hours",
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
        "Claimed caps and totals hold over all committed amounts, none of them negative.",
        "Pedersen commitments with a range proof on every row, whose hours add up where they were drawn; "
        "discrete logarithms are hard, and nobody has audited the proofs",
        "that the amounts are true; that the operator's grouping of runs into lineages is, or that one "
        "lineage is not split under two names",
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
