"""Block factors, solutions and the inverse on the pattern, against dense matrices of random patterns."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.estimation.sparse_kernel import Pattern, factorise, inverse_on_pattern, pattern_of, solve
from grid_models.twin.model import FloatArray


class Case(NamedTuple):
    """A dense symmetric matrix of 2 × 2 blocks and the same in the factors' arrays."""

    dense: FloatArray
    pattern: Pattern
    diagonal: FloatArray
    lower: FloatArray


def build(seed: int, count: int, density: float, shift: float) -> Case:
    """A random pattern; `shift`: added to the diagonal on top of what makes the matrix positive definite."""
    rng = np.random.default_rng(seed)
    linked = np.tril(rng.random((count, count)) < density, -1)
    dense = rng.standard_normal((2 * count, 2 * count)) * np.kron(linked, np.ones((2, 2)))
    dense = dense + dense.T
    dense[np.arange(2 * count), np.arange(2 * count)] = np.abs(dense).sum(axis=0) + 0.1 + shift
    start = np.concatenate([[0], np.cumsum(linked.sum(axis=1))]).astype(np.int64)
    other = np.concatenate([np.flatnonzero(row) for row in linked]).astype(np.int64)
    pattern = pattern_of(count, start, other)
    diagonal = np.array([block(dense, k, k) for k in range(count)])
    column = np.repeat(np.arange(count), np.diff(pattern.low))
    lower = np.array([block(dense, r, c) for r, c in zip(pattern.low_row, column, strict=True)]).reshape(-1, 2, 2)
    return Case(dense, pattern, diagonal, lower)


def block(dense: FloatArray, row: int, column: int) -> FloatArray:
    return dense[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].copy()


cases = st.builds(build, st.integers(0, 10**6), st.integers(1, 25), st.floats(0.0, 0.6), st.just(0.0))


@settings(max_examples=60, deadline=None)
@given(case=cases)
def test_the_factors_multiply_to_the_matrix(case: Case) -> None:
    """L D Lᵀ gives back every block."""
    count = len(case.diagonal)
    factor, inverse = case.lower.copy(), np.zeros_like(case.diagonal)
    assert factorise(case.pattern, np.zeros(len(case.diagonal), dtype=bool), case.diagonal, factor, inverse) == -1
    low, middle = np.eye(2 * count), np.zeros((2 * count, 2 * count))
    for k in range(count):
        middle[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = np.linalg.inv(inverse[k])
        for p in range(case.pattern.low[k], case.pattern.low[k + 1]):
            r = case.pattern.low_row[p]
            low[2 * r : 2 * r + 2, 2 * k : 2 * k + 2] = factor[p]
    assert low @ middle @ low.T == pytest.approx(case.dense, abs=1e-10 * np.abs(case.dense).max())


@settings(max_examples=60, deadline=None)
@given(case=cases, seed=st.integers(0, 10**6))
def test_solutions_are_those_of_the_dense_matrix(case: Case, seed: int) -> None:
    """Any right-hand side."""
    factor, inverse = case.lower.copy(), np.zeros_like(case.diagonal)
    factorise(case.pattern, np.zeros(len(case.diagonal), dtype=bool), case.diagonal, factor, inverse)
    right = np.random.default_rng(seed).standard_normal((len(case.diagonal), 2))
    x = right.copy()
    solve(case.pattern, factor, inverse, x)
    assert x.ravel() == pytest.approx(np.linalg.solve(case.dense, right.ravel()), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(case=cases)
def test_the_inverse_on_the_pattern_is_the_dense_inverse_there(case: Case) -> None:
    """Every diagonal block and every block of L's pattern, fill-in included."""
    factor, inverse = case.lower.copy(), np.zeros_like(case.diagonal)
    factorise(case.pattern, np.zeros(len(case.diagonal), dtype=bool), case.diagonal, factor, inverse)
    own, cross = inverse_on_pattern(case.pattern, factor, inverse)
    full = np.linalg.inv(case.dense)
    for k in range(len(case.diagonal)):
        assert own[k] == pytest.approx(block(full, k, k), abs=1e-10)
        for p in range(case.pattern.low[k], case.pattern.low[k + 1]):
            assert cross[p] == pytest.approx(block(full, case.pattern.low_row[p], k), abs=1e-10)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(2, 20))
def test_a_matrix_that_is_not_positive_definite_is_noticed(seed: int, count: int) -> None:
    """One diagonal entry turned negative: factorising names a node instead of returning rubbish."""
    case = build(seed, count, 0.4, 0.0)
    at = seed % count
    case.diagonal[at, seed % 2, seed % 2] *= -1.0
    factor, inverse = case.lower.copy(), np.zeros_like(case.diagonal)
    assert 0 <= factorise(case.pattern, np.zeros(len(case.diagonal), dtype=bool), case.diagonal, factor, inverse) <= at


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(2, 20))
def test_a_singular_matrix_is_noticed(seed: int, count: int) -> None:
    """A graph's Laplacian without a reference, in both unknowns: rounding leaves no positive pivot that counts."""
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0.5, 2.0, count - 1)
    chain = np.arange(count - 1)
    pattern = pattern_of(count, np.concatenate([[0], np.arange(count)]).astype(np.int64), chain.astype(np.int64))
    degree = np.concatenate([weight, [0.0]]) + np.concatenate([[0.0], weight])
    diagonal = degree[:, None, None] * np.eye(2)
    lower = -weight[:, None, None] * np.eye(2)
    assert factorise(pattern, np.zeros(len(diagonal), dtype=bool), diagonal, lower.copy(), np.zeros_like(diagonal)) >= 0
