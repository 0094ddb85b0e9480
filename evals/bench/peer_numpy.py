"""The two-outage formula in plain numpy, dense and without pruning: what one writes in an afternoon."""

import numpy as np

from evals.bench.matpower_file import SLACK, Matrices
from evals.bench.row import seconds
from grid_models.twin.model import FloatArray, IntArray

_SINGULAR = 1e-6
_BLOCK = 64  # pairs at a time: their flows fit a processor's cache


def pair_seconds(matrices: Matrices, limit_mw: FloatArray, sample: int) -> tuple[float, int, int]:
    """(seconds for all pairs, scaled up from `sample` first outages; pairs evaluated; overloading ones of them). No bridges."""
    flow, factor = flows_and_factors(matrices)
    chosen = np.flatnonzero(np.all(np.isfinite(factor), axis=0))
    some = np.linspace(0, len(chosen) - 1, min(sample, len(chosen))).astype(int)
    factor = np.ascontiguousarray(factor[:, chosen].T)  # one row an outage
    counted = np.zeros(2, dtype=np.int64)

    def evaluate() -> None:
        for at in some:
            for start in range(at + 1, len(chosen), _BLOCK):
                later = slice(start, start + _BLOCK)
                counted[:] += _together(flow, limit_mw, factor[at], factor[later], int(chosen[at]), chosen[later])

    took = seconds(evaluate)
    return took * len(chosen) / len(some), int(counted[0]), int(counted[1])


def flows_and_factors(matrices: Matrices) -> tuple[FloatArray, FloatArray]:
    """DC flows [MW] and the factors (branches, outages): change of each flow per MW that the outaged branch carried, NaN for bridges."""
    bus, branch = matrices.bus, matrices.branch
    count, free = len(bus), np.flatnonzero(bus[:, 1] != SLACK)
    f, t = (branch[:, end].astype(int) - 1 for end in (0, 1))
    b = 1.0 / (branch[:, 3] * branch[:, 8])
    incidence = np.zeros((len(branch), count))
    incidence[np.arange(len(branch)), f], incidence[np.arange(len(branch)), t] = 1.0, -1.0
    laplacian = incidence.T @ (b[:, None] * incidence)
    power = np.zeros(count)
    np.add.at(power, matrices.gen[:, 0].astype(int) - 1, matrices.gen[:, 1])
    power -= bus[:, 2] + bus[:, 4]
    inverse = np.zeros((count, count))
    inverse[np.ix_(free, free)] = np.linalg.inv(laplacian[np.ix_(free, free)])
    to_flow = b[:, None] * (incidence @ inverse)
    per_transfer = to_flow[:, f] - to_flow[:, t]
    own = 1.0 - np.diag(per_transfer)
    bridge = np.abs(own) < _SINGULAR
    factor = per_transfer / np.where(bridge, np.nan, own)
    np.fill_diagonal(factor, -1.0)
    factor[:, bridge] = np.nan
    return to_flow @ power, factor


def _together(flow: FloatArray, limit: FloatArray, own: FloatArray, others: FloatArray, k: int, rows: IntArray) -> tuple[int, int]:
    """Branch k out together with each of `rows`: pairs that leave the grid whole, and those that overload a branch."""
    across, back = others[:, k], own[rows]
    determinant = 1.0 - across * back
    whole = np.abs(determinant) > _SINGULAR
    determinant[~whole] = 1.0
    first, second = (flow[k] + across * flow[rows]) / determinant, (flow[rows] + back * flow[k]) / determinant
    after = others * second[:, None]
    after += own * first[:, None]
    after += flow
    np.abs(after, out=after)
    after -= limit
    after[:, k] = -1.0
    after[np.arange(len(rows)), rows] = -1.0
    return int(whole.sum()), int(np.sum(whole & (after.max(axis=1) > 0.0)))


def secure_limits_mw(matrices: Matrices, margin: float) -> FloatArray:
    """Limits [MW] that the grid keeps after every single outage with a margin: what a planner builds for. Shape (branches,)."""
    flow, factor = flows_and_factors(matrices)
    highest = np.abs(flow)
    for k in np.flatnonzero(np.all(np.isfinite(factor), axis=0)):
        after = np.abs(flow + factor[:, k] * flow[k])
        after[k] = 0.0
        np.maximum(highest, after, out=highest)
    return highest * (1.0 + margin) + 1.0
