"""The inner-product argument: that the prover knows a and b behind a commitment, in log2(n) halvings.

Formulas: Bulletproofs (Bünz et al. 2018), protocol 2, with zkcrypto/bulletproofs' choice of challenges.
Each halving folds the generators: G' = u^-1 G_low + u G_high. We keep G_low + u^2 G_high and the factor
u^-1 aside, so that a fold costs one multiplication a pair instead of two; likewise for H with its powers
of y^-1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.ristretto import (
    ORDER,
    Point,
    add,
    linear_combination,
    multiply,
    multiply_base,
)
from tallystick.evidence.proofs.scalars import inner_product, invert


@dataclass(frozen=True, slots=True)
class InnerProduct:
    """What the prover sends: a pair of points for each halving, and the two numbers that are left."""

    lefts: tuple[Point, ...]
    rights: tuple[Point, ...]
    a: int
    b: int


@dataclass(slots=True)
class _Vectors:
    """The halved vectors. The true generators are ``g_factor`` * g[i] and ``h_factor`` * y^-i * h[i]."""

    a: list[int]
    b: list[int]
    g: list[Point]
    h: list[Point]
    g_factor: int
    h_factor: int


def prove_inner_product(
    transcript: Transcript,
    w: int,
    y_powers: Sequence[int],
    generators: tuple[list[Point], list[Point]],
    a: list[int],
    b: list[int],
) -> InnerProduct:
    """Prove <a, b> over G, y^-i H and w times the basepoint. ``y_powers`` are the powers of y^-1."""
    transcript.append(b"dom-sep", b"ipp v1")
    transcript.append_u64(b"n", len(a))
    state = _Vectors(a, b, *generators, g_factor=1, h_factor=1)
    lefts, rights = [], []
    while len(state.a) > 1:
        left, right = _cross_terms(state, w, y_powers)
        transcript.append(b"L", left)
        transcript.append(b"R", right)
        lefts.append(left)
        rights.append(right)
        _fold(state, transcript.challenge_scalars(b"u")[0], y_powers)
    return InnerProduct(tuple(lefts), tuple(rights), state.a[0], state.b[0])


def _cross_terms(state: _Vectors, w: int, y_powers: Sequence[int]) -> tuple[Point, Point]:
    half = len(state.a) // 2
    low, high = slice(0, half), slice(half, None)
    a, b, g, h = state.a, state.b, state.g, state.h
    left = _cross_term(state, (a[low], g[high]), (b[high], h[low]), y_powers[:half])
    right = _cross_term(state, (a[high], g[low]), (b[low], h[high]), y_powers[half : 2 * half])
    return (
        add(left, multiply_base(w * inner_product(a[low], b[high]) % ORDER)),
        add(right, multiply_base(w * inner_product(a[high], b[low]) % ORDER)),
    )


def _cross_term(
    state: _Vectors,
    over_g: tuple[list[int], list[Point]],
    over_h: tuple[list[int], list[Point]],
    y_powers: Sequence[int],
) -> Point:
    scalars = [x * state.g_factor % ORDER for x in over_g[0]]
    scalars += [x * state.h_factor % ORDER * y % ORDER for x, y in zip(over_h[0], y_powers, strict=True)]
    return linear_combination(scalars, over_g[1] + over_h[1])


def _fold(state: _Vectors, u: int, y_powers: Sequence[int]) -> None:
    half = len(state.a) // 2
    u_inverse = invert(u)
    state.a = _fold_scalars(state.a, u, u_inverse)
    state.b = _fold_scalars(state.b, u_inverse, u)
    if half > 1:  # Nobody needs the last generators.
        state.g = _fold_points(state.g, u * u % ORDER)
        state.h = _fold_points(state.h, u_inverse * u_inverse % ORDER * y_powers[half] % ORDER)
        state.g_factor = state.g_factor * u_inverse % ORDER
        state.h_factor = state.h_factor * u % ORDER


def _fold_scalars(numbers: list[int], low: int, high: int) -> list[int]:
    half = len(numbers) // 2
    return [(low * x + high * y) % ORDER for x, y in zip(numbers[:half], numbers[half:], strict=True)]


def _fold_points(points: list[Point], ratio: int) -> list[Point]:
    half = len(points) // 2
    return [add(x, multiply(ratio, y)) for x, y in zip(points[:half], points[half:], strict=True)]
