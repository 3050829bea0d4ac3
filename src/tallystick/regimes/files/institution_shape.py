"""The shape of an instrument's institution: who inspects, decides and moves first, and what may be undone."""

from tallystick.regimes.files.shape import Choice, ListOf, Record, Shape, Text

TEXT = Text()
NOTE = TEXT
CONFIDENCE = Choice(("V1", "V2", "S", "R", "X"))
#: Effects of a stage are mostly read out of its words by a coder: J, a judgement, beside the other codes.
CODED = Choice((*CONFIDENCE.words, "J"))
REFERENCE = Text(
    r"[A-Za-z0-9][A-Za-z0-9.\-]*#[^\s#]{1,120}",
    '"eu-2024-1689#art-51(2)": a source, #, the place; #whole for all of it',
)
REFERENCES = ListOf(REFERENCE, 1, 20)
NAME = Text("[a-z][a-z0-9_]*", "lower_case")
DURATION = Text(r"P[0-9YMWDTH]+", "P6M or P100D")
EXTRA: dict[str, Shape] = {"confidence": CONFIDENCE, "note": NOTE}

RIGHTS = ("declared", "undeclared", "challenge", "unannounced", "continuous_monitoring")
FUNCTIONS = ("findings", "sanctions", "operations")
HEADS = ("exchange_of_information", "peaceful_use", "elimination", "safeguards")
RULES = (
    *("majority", "supermajority", "veto", "consensus", "court", "national", "executive"),
    *("automatic_unless_voted_down", "none", "silent"),
)
#: What a stage does to whom: opens secrets or territory, hands ownership to the authority, takes stock or
#: capability away, caps an activity.
EFFECTS = ("reveals", "transfers", "disarms", "limits")

RIGHT = Record({"value": Choice(("yes", "no", "partial", "silent")), "reference": REFERENCES}, EXTRA)
DECISION = Record(
    {"rule": Choice(RULES), "reference": REFERENCES},
    {
        "veto_holders": ListOf(TEXT),
        "automatic": Choice(("yes", "no", "silent")),
        **EXTRA,
    },
)
TRIGGER = Record(
    {},
    {"event": NAME, "after": DURATION, "of": NAME, "when_complete": NAME, "discretion_of": TEXT, "on": TEXT},
)
STATES = ListOf(TEXT, 0, 40)
STAGE_EFFECTS = Record(
    {"verified_first": Choice(("yes", "no")), "confidence": CODED},
    {**dict.fromkeys(EFFECTS, STATES), "note": NOTE},
)
STAGE = Record(
    {"id": NAME, "title": TEXT, "reference": REFERENCES},
    {
        "trigger": TRIGGER,
        "who_moves": ListOf(TEXT, 1),
        "gives_up": TEXT,
        "gets": TEXT,
        "reversible": Choice(("yes", "no", "partly", "silent")),
        "effects": STAGE_EFFECTS,
        **EXTRA,
    },
)
NEEDS = Record({}, {"ratifications": Text("[0-9]+", "5", ("number",)), "including": TEXT})
COVERAGE = Record(
    {"covered": Choice(("full", "partial", "none")), "how": TEXT}, {"reference": REFERENCES, **EXTRA}
)
PAYMENT = Record({"what": TEXT, "reference": REFERENCES}, {"to": TEXT, "by": TEXT, **EXTRA})

INSTITUTION = Record(
    {},
    {
        "inspector": Record(
            {
                "who": Choice(
                    ("international_authority", "reciprocal", "national", "third_party", "none", "silent")
                ),
                "reference": REFERENCES,
            },
            EXTRA,
        ),
        "ownership": Record({"of": ListOf(TEXT, 1), "by": TEXT, "reference": REFERENCES}, EXTRA),
        "rights": Record({}, dict.fromkeys(RIGHTS, RIGHT)),
        "decisions": Record({}, dict.fromkeys(FUNCTIONS, DECISION)),
        "stages": ListOf(STAGE),
        "disarms_last": ListOf(TEXT, 1),
        "entry_into_force": Record({"rule": TEXT, "reference": REFERENCES}, {"needs": NEEDS, **EXTRA}),
        "exit": Record(
            {"allowed": Choice(("yes", "no", "silent")), "reference": REFERENCES},
            {"notice": DURATION, **EXTRA},
        ),
        "burdens": ListOf(Record({"on": TEXT, "what": TEXT, "reference": REFERENCES}, EXTRA)),
        "side_payments": ListOf(PAYMENT),
        "enforcement": Record(
            {"means": ListOf(TEXT), "reference": REFERENCES}, {"against": ListOf(TEXT), **EXTRA}
        ),
        "quantity": TEXT,
        "terms_of_reference": Record(dict.fromkeys(HEADS, COVERAGE)),
    },
)
