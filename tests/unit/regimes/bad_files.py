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
    "silent and not interpreted": ("compute.counted: generic_run", "compute.counted: generic_run", "", 0),
}
del MEANING["silent and not interpreted"]
