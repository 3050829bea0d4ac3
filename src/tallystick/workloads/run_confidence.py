"""How sure a found run is: the share of such runs that were right on simulated sites.

Right means that nine tenths of all subject-time of the run and of one true job are common to both. The
shares are of *simulated* sites (``trials.run_confidence`` counts them, and checks them on other seeds), so
they order runs and do not promise a rate on a real site.
"""

from bisect import bisect_right

from tallystick.units import NS_PER_HOUR, PPM

Kind = tuple[int, int, int]

#: Limits between kinds: subjects, mean correlation in ppm, length in ns.
SIZES = (2, 9)
COHERENCES_PPM = (500_000, 800_000)
LENGTHS_NS = (NS_PER_HOUR,)

#: (right, all) found runs of each kind on the simulated sites.
COUNTED: dict[Kind, tuple[int, int]] = {
    (0, 0, 0): (0, 153),
    (0, 0, 1): (0, 9),
    (0, 1, 0): (0, 1),
    (1, 0, 0): (0, 5),
    (1, 0, 1): (3, 11),
    (1, 1, 0): (1, 7),
    (1, 1, 1): (22, 82),
    (1, 2, 0): (2, 2),
    (1, 2, 1): (29, 97),
    (2, 0, 0): (1, 7),
    (2, 1, 0): (0, 10),
    (2, 1, 1): (16, 16),
    (2, 2, 0): (1, 1),
    (2, 2, 1): (2, 7),
}


def kind_of(subjects: int, coherence_ppm: int, length_ns: int) -> Kind:
    """Number of the run's class by size, coherence and length."""
    return (
        bisect_right(SIZES, subjects),
        bisect_right(COHERENCES_PPM, coherence_ppm),
        bisect_right(LENGTHS_NS, length_ns),
    )


def confidence_ppm(kind: Kind) -> int:
    """Share in ppm of right runs among those of the kind, by Laplace's rule: one half where none was seen."""
    right, total = COUNTED.get(kind, (0, 0))
    return (right + 1) * PPM // (total + 2)
