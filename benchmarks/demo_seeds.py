"""Does the demo's verdict hold for other seeds? ``python -m benchmarks.demo_seeds [COUNT] [FIRST]``.

Prints a line a seed, misses as they are. Everything here is simulated.
"""

import sys
import tempfile
from pathlib import Path

from tallystick.records.outcome import Conclusion
from tallystick.trials.mutual import Inspected, Terms, mutual_inspection

EXPECTED = {"Arden": Conclusion.NO_INDICATION, "Borealis": Conclusion.NOT_CONSISTENT}


def line(inspected: Inspected) -> tuple[bool, str]:
    """Whether the conclusion is the expected one, and a line about it."""
    name = inspected.account.party.name
    report, judgement = inspected.inspection.report, inspected.inspection.judgement
    reference = inspected.account.reference
    right = report.conclusion == EXPECTED[name]
    return right, (
        f"{name} {'ok  ' if right else 'MISS'} "
        f"contradicting {len(judgement.contradicting) if judgement else 0:3} "
        f"untested {judgement.untested if judgement else 0:3} odds {judgement.odds if judgement else 0:.3f} "
        f"hides at most {judgement.bound_flop if judgement else 0:.2e} "
        f"ari {reference.adjusted_rand if reference else 0:.3f} "
        f"findings {','.join(f.code for f in report.findings) or '-'}"
    )


def main() -> None:
    """Run the seeds one after the other."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    right = dict.fromkeys(EXPECTED, 0)
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            mutual = mutual_inspection(
                Path(folder) / "demo", seed=seed, accelerators=256, hours=24, terms=Terms()
            )
        for inspected in mutual.inspections:
            held, text = line(inspected)
            right[inspected.account.party.name] += held
            print(f"seed {seed}: {text}", flush=True)
    print("simulated; as expected: " + ", ".join(f"{name} {n} of {count}" for name, n in right.items()))


if __name__ == "__main__":
    main()
