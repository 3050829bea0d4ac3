"""One good regime file, and what breaks it: each entry names the error and where it must be found."""

GOOD = """schema: regime/1
id: test.good
title: A law
jurisdiction: none
kind: law
binding: true
confidence: V1
summary: A law for tests.
status:
  - {date: 2026-01-01, value: adopted, reference: [act#art-1]}
  - {date: 2026-02-01, value: applies, reference: [act#art-2]}
sunset: open
verified: {on: 2026-11-01, how: V1}
binds: {roles: [developer], nexus: {any: [jurisdictions.develops]}, region: EU}
parameters:
  low:
    title: Reporting line
    unit: FLOP
    operator: ">"
    values:
      - {from: 2026-02-01, value: "1e22", reference: [act#art-3]}
  high:
    title: Ban
    unit: FLOP
    operator: ">"
    values:
      - {from: 2026-02-01, value: "1e24", reference: [act#art-4]}
counting: {compute.counted: generic_run}
conditions:
  above_low:
    when: {all: [{exceeds: [compute.counted, low]}, {not: {exceeds: [compute.counted, high]}}]}
    gives: reported
    reference: [act#art-3]
  above_high:
    when: {exceeds: [compute.counted, high]}
    gives: banned
    reference: [act#art-4]
outcomes:
  reported: {title: To be reported, bound: true, excludes: [banned]}
  banned: {title: Banned, bound: true, breach: true}
obligations:
  - {id: report, title: Report, when: reported, deontic: must, satisfies: declare, reference: [act#art-3]}
sources:
  act: {title: The Act, edition: "1", read: V1}
cases:
  - {name: low, at: 2026-03-01, facts: {compute.pretraining: "1e23"}, expect: {reported: "true"}}
  - {name: on low, at: 2026-03-01, facts: {compute.pretraining: "1e22"}, expect: {reported: "false"}}
  - {name: under low, at: 2026-03-01, facts: {compute.pretraining: "9.9e21"}, expect: {reported: "false"}}
  - {name: over low, at: 2026-03-01, facts: {compute.pretraining: "1.01e22"}, expect: {reported: "true"}}
  - {name: on high, at: 2026-03-01, facts: {compute.pretraining: "1e24"}, expect: {banned: "false"}}
  - {name: under high, at: 2026-03-01, facts: {compute.pretraining: "9.9e23"}, expect: {banned: "false"}}
  - {name: over high, at: 2026-03-01, facts: {compute.pretraining: "1.01e24"}, expect: {banned: "true"}}
"""

#: name: (text replaced, by what, part of the message, line). All of these are errors of structure.
STRUCTURE = {
    "unknown key": ("sunset: open", "sunset: open\nuprating: yes", "unknown key 'uprating'", 13),
    "unknown key deep": (
        'unit: FLOP\n    operator: ">"\n    values:\n      - {from: 2026-02-01, value: "1e22", ',
        'unit: FLOP\n    operator: ">"\n    values:\n      - {from: 2026-02-01, valu: "1e22", ',
        "unknown key 'valu'",
        21,
    ),
    "missing citation": (
        ', value: "1e24", reference: [act#art-4]',
        ', value: "1e24"',
        "reference is missing",
        27,
    ),
    "empty citation": (
        "value: adopted, reference: [act#art-1]",
        "value: adopted, reference: []",
        "0 entries",
        10,
    ),
    "citation without article": (
        "reference: [act#art-1]",
        "reference: [act]",
        "not in the form expected",
        10,
    ),
    "bad date form": ("date: 2026-01-01", "date: 1.1.2026", "not in the form expected", 10),
    "missing operator": (
        '    operator: ">"\n    values:\n      - {from: 2026-02-01, value: "1e22"',
        '    values:\n      - {from: 2026-02-01, value: "1e22"',
        "operator is missing",
        16,
    ),
    "operator in words": (
        'operator: ">"\n    values:\n      - {from: 2026-02-01, value: "1e22"',
        'operator: above\n    values:\n      - {from: 2026-02-01, value: "1e22"',
        "'above' is not known",
        19,
    ),
    "number in words": ('"1e22"', '"about 1e22"', "not in the form expected", 21),
    "code as a condition": (
        "{exceeds: [compute.counted, high]}\n    gives",
        "{eval: [compute.counted, high]}\n    gives",
        "unknown key 'eval'",
        35,
    ),
    "unknown status": ("value: applies", "value: lives", "'lives' is not known", 11),
    "truth value of an unknown word": ("binding: true", "binding: perhaps", "'perhaps' is not known", 6),
    "escape sequence": ("title: A law", 'title: "\\e[2JA law"', "title has control characters", 3),
    "direction of writing": ("title: A law", 'title: "A \\u202ewal"', "title has control characters", 3),
    "no sources": (
        'sources:\n  act: {title: The Act, edition: "1", read: V1}\n',
        "",
        "sources is missing",
        1,
    ),
}

#: Read as YAML they are refused before their structure is looked at.
READING = {
    "duplicate key": ("kind: law", "kind: law\nkind: bill", "'kind' is there twice", 6),
    "anchor": ("title: A law", "title: &t A law", "anchor &t", 3),
    "alias": ("title: A law", "title: *t", "alias *t", 3),
    "tag": ("title: A law", "title: !!python/object:os.system A law", "tag", 3),
    "not YAML": ("title: A law", "title: [A law", "not YAML", 4),
    "second document": ("sources:\n", "---\nsources:\n", "second document", 43),
}

#: Well formed, and wrong all the same.
MEANING = {
    "bad date": ("date: 2026-01-01", "date: 2026-02-30", "'2026-02-30' is not a date", 10),
    "unknown source": ("reference: [act#art-2]", "reference: [acte#art-2]", "source 'acte' is not known", 11),
    "unknown fact": (
        "exceeds: [compute.counted, high]}\n    gives",
        "exceeds: [compute.pretrainin, high]}\n    gives",
        "did you mean compute.pretraining",
        35,
    ),
    "unknown parameter": (
        "exceeds: [compute.counted, high]}\n    gives",
        "exceeds: [compute.counted, hihg]}\n    gives",
        "parameter 'hihg'",
        35,
    ),
    "unknown outcome": ("gives: banned", "gives: forbidden", "outcome 'forbidden'", 36),
    "unknown capability": ("satisfies: declare", "satisfies: declar", "capability 'declar'", 42),
    "unknown counting rule": ("generic_run}", "generic}", "counting rule 'generic'", 28),
    "derived by no rule": ("counting: {compute.counted: generic_run}\n", "", "not derived by any rule", 30),
    "dates out of order": (
        "date: 2026-02-01, value: applies",
        "date: 2025-02-01, value: applies",
        "not in order",
        9,
    ),
    "overlapping rules": (
        "{all: [{exceeds: [compute.counted, low]}, {not: {exceeds: [compute.counted, high]}}]}",
        "{exceeds: [compute.counted, low]}",
        "above_low and above_high can both hold",
        34,
    ),
    "gap that no line fills": (
        'value: "1e22", reference: [act#art-3]}',
        'until: 2026-02-01, value: "1e22", reference: [act#art-3]}',
        "low ends before it begins",
        21,
    ),
    "case that expects nothing": ('expect: {reported: "true"}', "expect: {}", "expects nothing", 46),
    "clock of no time": (
        "deontic: must, satisfies",
        "deontic: must, clock: {every: P0D}, satisfies",
        "every P0D is no time at all",
        42,
    ),
    "no cases": (GOOD[GOOD.index("cases:") :], "cases: []\n", "no cases", 38),
    "unit of the line": (
        "title: Ban\n    unit: FLOP",
        "title: Ban\n    unit: USD",
        "amounts of FLOP and USD are held against each other at high",
        31,
    ),
    "units that are added": (
        "{exceeds: [compute.counted, high]}\n    gives",
        "{exceeds: [{sum: [compute.counted, cluster.memory_gb]}, high]}\n    gives",
        "amounts of FLOP and GB",
        35,
    ),
    "share with a unit": (
        "{exceeds: [compute.counted, high]}\n    gives",
        "{ratio_exceeds: [compute.counted, compute.original, high]}\n    gives",
        "high is a share of two amounts, and its unit is FLOP",
        35,
    ),
    "source that was only recalled": (
        'edition: "1", read: V1',
        'edition: "1", read: R',
        "has confidence V1, and its sources were read less well: act R",
        10,
    ),
    "reading of a name that there is not": (
        "outcomes:\n",
        "interpretations:\n  - {id: a, title: A, reads: {compute.counted: nonsense.fact}}\noutcomes:\n",
        "reading a: amount 'nonsense.fact' is not known",
        39,
    ),
    "reading of another unit": (
        "outcomes:\n",
        "interpretations:\n"
        "  - {id: a, title: A, reads: {compute.counted: developer.revenue_usd_prior_year}}\noutcomes:\n",
        "reads compute.counted as developer.revenue_usd_prior_year, which is of another unit",
        39,
    ),
    "reading that is there twice": (
        "outcomes:\n",
        "interpretations:\n  - {id: a, title: A, silent: counted}\n"
        "  - {id: a, title: B, silent: excluded}\noutcomes:\n",
        "reading a is there twice",
        40,
    ),
    "sunset before the beginning": (
        "sunset: open",
        "sunset: 2026-01-01",
        "is not after the first status",
        12,
    ),
    "duty that ends before it starts": (
        "deontic: must, satisfies",
        "deontic: must, starts: 2026-03-01, ends: 2026-03-01, satisfies",
        "ends on 2026-03-01, not after starts",
        42,
    ),
    "duty that ends before there was a law": (
        "deontic: must, satisfies",
        "deontic: must, ends: 2025-03-01, satisfies",
        "not after the first status",
        42,
    ),
    "statuses that undo each other on one day": (
        "  - {date: 2026-02-01, value: applies, reference: [act#art-2]}\n",
        "  - {date: 2026-02-01, value: applies, reference: [act#art-2]}\n"
        "  - {date: 2026-02-01, value: revoked, reference: [act#art-2]}\n"
        "  - {date: 2026-02-01, value: applies, reference: [act#art-2]}\n",
        "revoked and applies have the same day, 2026-02-01",
        13,
    ),
    "deadline of no time": (
        "deontic: must, satisfies",
        "deontic: must, clock: {within: P0D}, satisfies",
        "within P0D is no time at all",
        42,
    ),
    "notice of no time": (
        "deontic: must, satisfies",
        "deontic: must, clock: {before: training_start, ahead: PT0H}, satisfies",
        "ahead PT0H is no time at all",
        42,
    ),
}

#: What lint warns of and reads all the same: name: (text replaced, by what, part of the message, line).
WARNINGS = {
    "source that was read less well": (
        'edition: "1", read: V1',
        'edition: "1", read: V2',
        "low: the value has confidence V1, and its sources were read less well: act V2",
        21,
    ),
    "compared on a day to come": (
        "verified: {on: 2026-11-01",
        "verified: {on: 2099-01-01",
        "verified.on, 2099-01-01, is still to come",
        13,
    ),
    "no edition": (', edition: "1"', "", "low: neither the value nor its source has an edition", 21),
    "place without a number": (
        'value: "1e24", reference: [act#art-4]',
        'value: "1e24", reference: [act#zzz]',
        "'zzz' names no place in a text",
        27,
    ),
    "article without a number": (
        'value: "1e24", reference: [act#art-4]',
        'value: "1e24", reference: [act#art-four]',
        "'art-four' names no place in a text",
        27,
    ),
    "reading that changes nothing": (
        "outcomes:\n",
        "interpretations:\n  - {id: literal, title: A, silent: excluded}\n"
        "  - {id: strict, title: B, silent: excluded}\noutcomes:\n",
        "reading strict changes nothing: no test comes out otherwise than by literal",
        40,
    ),
    "reading of an amount that no test reads": (
        "outcomes:\n",
        "interpretations:\n  - {id: literal, title: A, silent: excluded}\n"
        "  - {id: strict, title: B, reads: {cluster.peak_flop_s: cluster.peak_flop_s_fp8}}\n"
        "outcomes:\n",
        "reading strict changes nothing",
        40,
    ),
    "outcome whatever the facts": (
        "outcomes:\n",
        "  always_kept: {when: {always: true}, gives: kept, reference: [act#art-4]}\noutcomes:\n"
        "  kept: {title: The ban is kept, bound: true}\n",
        "kept holds whatever the facts, also beside reported, and excludes nothing",
        38,
    ),
    "two outcomes of one test": (
        "outcomes:\n",
        "  once_more: {when: {exceeds: [compute.counted, high]}, gives: allowed, reference: [act#art-4]}\n"
        "outcomes:\n  allowed: {title: Allowed, bound: true}\n",
        "banned and allowed come from one test, and neither excludes the other",
        38,
    ),
}
