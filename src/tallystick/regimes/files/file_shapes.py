"""The shapes of the three sorts of files: instruments, counting rules and the vocabulary."""

from tallystick.regimes.files.institution_shape import CONFIDENCE, INSTITUTION, NOTE, REFERENCES, TEXT
from tallystick.regimes.files.shape import Choice, Kinds, ListOf, MapOf, Record, Shape, Tagged, Text

NAME = Text("[a-z][a-z0-9_]*", "lower_case")
IDENTIFIER = Text(r"[a-z0-9_\-]+(\.[a-zA-Z0-9_\-]+)*", "eu.gpai_sr")
RECIPIENT = Text(
    r"[a-z][a-z0-9_]*|[^a-z0-9_\s\-][^\n]{1,99}",
    "a code of the vocabulary, such as competent_authority, or a name in words that begins with a capital",
)
FACT = Text(r"[a-z]+(\.[a-z0-9_]+)+", "compute.pretraining")
DATE = Text(r"\d{4}-\d{2}-\d{2}", "2026-11-23")
DURATION = Text(
    r"P[0-9YMWDTH]+",
    "P14D, P3M or PT72H; working days have no code: write the days, P10D, and say so under doubts",
)
NUMBER = Text(
    r"[0-9.]+(e[+\-]?[0-9]+)?(/[0-9.]+(e[+\-]?[0-9]+)?)?",
    '"1e25", "500000000", "0.3" or "1e25/3", without commas and units',
    ("number",),
)
TRUTH = Choice(("true", "false", "unknown"))
FLAG = Choice(("true", "false"))
UNITS = (
    "FLOP",
    "FLOP/s",
    "USD",
    "users",
    "ratio",
    "chips",
    "H100e",
    "TPP",
    "Gbit/s",
    "GB/s",
    "GB",
    "days",
    "mJ",
    "ms",
    "none",
)

KINDS = ("law", "guideline", "bill", "order", "rule", "treaty", "agreement", "proposal", "voluntary")
STATUSES = (
    *(
        "proposed",
        "adopted",
        "in_force",
        "applies",
        "enforceable",
        "enacted_not_effective",
        "superseded",
        "revoked",
    ),
    *("vetoed", "withdrawn", "lapsed", "expired", "not_enforced", "none"),
)
OPERATORS = (">", ">=", "<", "<=")

AMOUNT_KINDS: dict[str, Shape] = {}
AMOUNT = Kinds(text=FACT, mapping=Tagged("amount", AMOUNT_KINDS))
AMOUNT_KINDS |= {name: ListOf(AMOUNT, 1, 20) for name in ("sum", "max_of", "min_of", "product")}

AMOUNT_OR_PARAMETER = Kinds(
    text=Text(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", "compute.counted or a parameter's name"),
    mapping=Tagged("amount", AMOUNT_KINDS),
)
CONDITION_KINDS: dict[str, Shape] = {}
CONDITION = Tagged("condition", CONDITION_KINDS)
CONDITION_KINDS |= {
    "all": ListOf(CONDITION, 1, 40),
    "any": ListOf(CONDITION, 1, 40),
    "not": CONDITION,
    "is": FACT,
    "exceeds": ListOf(AMOUNT_OR_PARAMETER, 2, 2),
    "ratio_exceeds": ListOf(AMOUNT_OR_PARAMETER, 3, 3),
    "condition": NAME,
    "equals": ListOf(TEXT, 2, 2),
    "one_of": ListOf(Kinds(text=TEXT, sequence=ListOf(TEXT, 1)), 2, 2),
    "always": FLAG,
    "unknowable": Kinds(text=TEXT, mapping=Record({"why": TEXT}, {"unless": FACT})),
}

STATUS = Record(
    {"date": DATE, "value": Choice(STATUSES), "reference": REFERENCES},
    {"known_on": DATE, "confidence": CONFIDENCE, "note": NOTE},
)
#: A day that a text sets, and since when that was known.
SET_DAY = Record({"on": DATE, "known_on": DATE, "reference": REFERENCES})
SUNSET = Kinds(text=Text(r"open|\d{4}-\d{2}-\d{2}", "open or a date"), mapping=SET_DAY)
DAY = Kinds(text=DATE, mapping=SET_DAY)
VALUE = Record(
    {"from": DATE, "value": NUMBER, "reference": REFERENCES},
    {"until": DAY, "confidence": CONFIDENCE, "edition": TEXT, "known_on": DATE, "note": NOTE},
)
PARAMETER = Record(
    {"title": TEXT, "unit": Choice(UNITS), "operator": Choice(OPERATORS), "values": ListOf(VALUE, 1)},
    {"note": NOTE},
)
READING = Record(
    {"id": NAME, "title": TEXT},
    {
        "silent": Kinds(text=Choice(("excluded", "counted")), sequence=ListOf(NAME)),
        "reads": MapOf(FACT, FACT.pattern, FACT.example),
        "reference": REFERENCES,
    },
)
CLOCK = Record(
    {},
    {
        "within": DURATION,
        "every": DURATION,
        "by": DATE,
        "before": NAME,
        "ahead": DURATION,
        "from": ListOf(NAME, 1),
        "note": NOTE,
    },
)
OBLIGATION = Record(
    {"id": NAME, "title": TEXT, "deontic": Choice(("must", "must_not", "may")), "reference": REFERENCES},
    {
        "when": Kinds(text=NAME, sequence=ListOf(NAME, 1)),
        "if": CONDITION,
        "to": Kinds(text=RECIPIENT, sequence=ListOf(RECIPIENT, 1)),
        "clock": CLOCK,
        "event": NAME,
        "satisfies": Kinds(text=NAME, sequence=ListOf(NAME, 1)),
        "starts": DAY,
        "ends": DAY,
        "known_on": DATE,
        "confidence": CONFIDENCE,
        "penalty": Record({"text": TEXT}, {"reference": REFERENCES, "confidence": CONFIDENCE}),
        "note": NOTE,
    },
)
SOURCE = Record(
    {"title": TEXT, "read": CONFIDENCE}, {"url": TEXT, "edition": TEXT, "known_on": DATE, "note": NOTE}
)
SOURCES = MapOf(SOURCE, r"[A-Za-z0-9][A-Za-z0-9.\-]*", "eu-2024-1689")
FACT_VALUE = Kinds(text=TEXT, sequence=ListOf(NUMBER, 2, 2))
FACT_KEY = r"[a-z]+(\.[A-Za-z0-9_\-]+)+"
CASE = Record(
    {
        "name": TEXT,
        "at": DATE,
        "facts": MapOf(FACT_VALUE, FACT_KEY, FACT.example),
        "expect": MapOf(TRUTH),
    },
    {"known_on": DATE, "duties": MapOf(TRUTH)},
)
FACT_KIND = Choice(("amount", "boolean", "text"))
#: A fact that a regime file adds to the vocabulary.
OWN_FACT = Record({"kind": FACT_KIND, "title": TEXT}, {"unit": Choice(UNITS), "unless_stated": FLAG})
NEXUS = Kinds(text=FACT, mapping=Record({}, {"any": ListOf(FACT, 1), "all": ListOf(FACT, 1)}))

INSTRUMENT = Record(
    {
        "schema": Choice(("regime/1",)),
        "id": IDENTIFIER,
        "title": TEXT,
        "jurisdiction": TEXT,
        "kind": Choice(KINDS),
        "binding": FLAG,
        "confidence": CONFIDENCE,
        "summary": TEXT,
        "status": ListOf(STATUS, 1),
        "sunset": SUNSET,
        "verified": Record({"on": DATE, "how": CONFIDENCE}, {"by": TEXT}),
        "sources": SOURCES,
    },
    {
        "facts": MapOf(OWN_FACT, FACT.pattern, FACT.example),
        "binds": Record({}, {"roles": ListOf(NAME), "nexus": NEXUS, "region": TEXT, "reference": REFERENCES}),
        "parameters": MapOf(PARAMETER),
        "counting": MapOf(NAME, FACT.pattern, FACT.example),
        "conditions": MapOf(
            Record(
                {"when": CONDITION, "gives": NAME, "reference": REFERENCES},
                {"title": TEXT, "confidence": CONFIDENCE, "known_on": DATE, "note": NOTE},
            )
        ),
        "exceptions": MapOf(
            Record(
                {"when": CONDITION, "defeats": ListOf(NAME, 1), "reference": REFERENCES},
                {"title": TEXT, "until": DAY, "confidence": CONFIDENCE, "known_on": DATE, "note": NOTE},
            )
        ),
        "outcomes": MapOf(
            Record({"title": TEXT, "bound": FLAG}, {"excludes": ListOf(NAME), "breach": FLAG, "note": NOTE})
        ),
        "obligations": ListOf(OBLIGATION),
        "interpretations": ListOf(READING),
        "institution": INSTITUTION,
        "conflicts_with": ListOf(
            Record(
                {"obligation": NAME, "with": TEXT, "reason": TEXT, "reference": REFERENCES}, {"note": NOTE}
            )
        ),
        "doubts": ListOf(TEXT),
        "cases": ListOf(CASE),
    },
)

COMPONENT = Record({"counts": Choice(("yes", "no", "silent")), "reference": REFERENCES}, {"note": NOTE})
ACCURACY = Record({"band": NUMBER, "of": Choice(("reported_estimate",)), "reference": REFERENCES})
EDITION = Record(
    {"from": DATE, "edition": TEXT, "reference": REFERENCES}, {"known_on": DATE, "confidence": CONFIDENCE}
)
COUNTING = Record(
    {
        "schema": Choice(("counting/1",)),
        "name": NAME,
        "title": TEXT,
        "editions": ListOf(EDITION, 1),
        "confidence": CONFIDENCE,
        "precision": Choice(("any", "fp16_equivalent_or_total_higher", "unstated")),
        "accuracy": Kinds(text=Choice(("none",)), mapping=ACCURACY),
        "components": MapOf(COMPONENT),
        "sources": SOURCES,
    },
    {"readings": ListOf(READING), "doubts": ListOf(TEXT)},
)

TITLES = MapOf(TEXT)
VOCABULARY = Record(
    {
        "schema": Choice(("vocabulary/1",)),
        "facts": MapOf(
            Record(
                {"kind": FACT_KIND, "title": TEXT},
                {"unit": Choice(UNITS), "unless_stated": FLAG, "derived": FLAG},
            ),
            FACT.pattern,
            FACT.example,
        ),
        "roles": TITLES,
        "jurisdictions": TITLES,
        "regions": ListOf(TEXT, 1),
        "recipients": TITLES,
        "events": TITLES,
        "moments": TITLES,
        "capabilities": TITLES,
        "institution_functions": ListOf(NAME, 1),
    }
)
