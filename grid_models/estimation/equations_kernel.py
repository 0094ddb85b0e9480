"""Compiled measurement equations: what every row should read at given voltages, its derivatives, and the gain matrix they add up to.

Every row belongs to a site: an own node and the nodes it depends on. The current there is I = Σ y_j v_j, whether into a branch end or into
the whole node, and S = v_own · conj(I); so one set of formulas serves injections and flows (derivatives as in `causes/jacobian.py`).
Angles in radians, everything else in pu on the model's base.
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

from typing import NamedTuple

import numpy as np

from grid_models.compiled import compiled, compiled_within
from grid_models.estimation.codes import ANGLE, CURRENT, CURRENT_ANGLE, P, Q, V
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray

_SMALL_CURRENT = 1e-9  # pu: below it a current has no direction


class Sites(NamedTuple):
    """own: (sites,).  start: (sites + 1,) into node and y, whose entries are ascending nodes and admittances [pu].

    row_start: (sites + 1,) rows of each site.  pair_start: (sites,) into pair: for each two entries s > t of a site their block's place.
    """

    own: IntArray
    start: IntArray
    node: IntArray
    y: ComplexArray
    row_start: IntArray
    pair_start: IntArray
    pair: IntArray


class Rows(NamedTuple):
    """code, z (read), weight (1 / variance; of exact rows a usual one; 0: not used), exact: an equality constraint. All (rows,).

    dual, lane: where the multiplier of an exact row stands (`saddle.py`).
    """

    code: IntArray
    z: FloatArray
    weight: FloatArray
    exact: BoolArray
    dual: IntArray
    lane: IntArray


@compiled_within
def widest_site(sites: Sites) -> int:
    """Entries of the site with the most."""
    widest = 0
    for s in range(len(sites.own)):
        widest = max(widest, sites.start[s + 1] - sites.start[s])
    return widest


@compiled_within
def site_terms(
    sites: Sites, s: int, v: ComplexArray, vm: FloatArray, by_angle: ComplexArray, by_vm: ComplexArray
) -> tuple[complex, complex]:
    """S and I of a site; fills ∂I/∂angle and ∂I/∂magnitude of its entries."""
    current = 0.0 + 0.0j
    for e in range(sites.start[s], sites.start[s + 1]):
        part = sites.y[e] * v[sites.node[e]]
        current += part
        by_angle[e - sites.start[s]] = complex(-part.imag, part.real)
        by_vm[e - sites.start[s]] = part * (1.0 / vm[sites.node[e]])  # a complex division takes several times as long
    return v[sites.own[s]] * np.conj(current), current


@compiled_within
def row_terms(
    code: int,
    sites: Sites,
    s: int,
    power: complex,
    current: complex,
    v: ComplexArray,
    vm: FloatArray,
    theta: FloatArray,
    by_angle: ComplexArray,
    by_vm: ComplexArray,
    angle_part: FloatArray,
    vm_part: FloatArray,
) -> float:
    """What a row should read; fills its derivatives by the angles and magnitudes of its site's entries."""
    first, count, own = sites.start[s], sites.start[s + 1] - sites.start[s], sites.own[s]
    if code <= ANGLE:
        for k in range(count):
            here = 1.0 if sites.node[first + k] == own else 0.0
            angle_part[k] = here if code == ANGLE else 0.0
            vm_part[k] = here if code == V else 0.0
        return float(vm[own] if code == V else theta[own])
    if code <= Q:
        for k in range(count):
            a, m = v[own] * np.conj(by_angle[k]), v[own] * np.conj(by_vm[k])
            if sites.node[first + k] == own:
                a, m = a + complex(-power.imag, power.real), m + power * (1.0 / vm[own])
            angle_part[k] = a.real if code == P else a.imag
            vm_part[k] = m.real if code == P else m.imag
        return power.real if code == P else power.imag
    size = abs(current)
    if size < _SMALL_CURRENT:
        angle_part[:count] = 0.0
        vm_part[:count] = 0.0
        return 0.0
    for k in range(count):
        a, m = np.conj(current) * by_angle[k] / size, np.conj(current) * by_vm[k] / size
        angle_part[k] = a.real if code == CURRENT else a.imag / size
        vm_part[k] = m.real if code == CURRENT else m.imag / size
    return float(size if code == CURRENT else np.angle(current))


@compiled_within
def wrapped(angle: float) -> float:
    """The same angle between -π and π."""
    return float(angle - 2 * np.pi * np.round(angle / (2 * np.pi)))


@compiled_within
def add_gain(sites: Sites, s: int, w: float, da: FloatArray, dm: FloatArray, diagonal: FloatArray, factor: FloatArray) -> None:
    """Add the weighted square of one row's derivatives to the upper triangles on the diagonal and to the blocks below it."""
    first, at = sites.start[s], sites.pair_start[s]
    for k in range(sites.start[s + 1] - first):
        node = sites.node[first + k]
        wa, wm = w * da[k], w * dm[k]
        diagonal[node, 0, 0] += wa * da[k]
        diagonal[node, 0, 1] += wa * dm[k]
        diagonal[node, 1, 1] += wm * dm[k]
        for t in range(k):
            place = sites.pair[at + t]
            factor[place, 0, 0] += wa * da[t]
            factor[place, 0, 1] += wa * dm[t]
            factor[place, 1, 0] += wm * da[t]
            factor[place, 1, 1] += wm * dm[t]
        at += k


@compiled_within
def add_constraint(
    sites: Sites, s: int, dual: int, lane: int, da: FloatArray, dm: FloatArray, diagonal: FloatArray, factor: FloatArray
) -> None:
    """Write the derivatives of one exact row into the blocks of its multiplier node with the nodes of its site."""
    first, at, own = sites.start[s], sites.pair_start[s], 0
    count = sites.start[s + 1] - first
    for k in range(count):
        if sites.node[first + k] == dual:
            own = k
    for k in range(own):
        place = sites.pair[at + own * (own - 1) // 2 + k]
        factor[place, lane, 0] += da[k]
        factor[place, lane, 1] += dm[k]
    for k in range(own + 1, count):
        place = sites.pair[at + k * (k - 1) // 2 + own]
        factor[place, 0, lane] += da[k]
        factor[place, 1, lane] += dm[k]
    diagonal[dual, lane, lane] = 0.0


@compiled
def linearise(
    sites: Sites,
    rows: Rows,
    reference: BoolArray,
    dual: BoolArray,
    theta: FloatArray,
    vm: FloatArray,
    multiplier: FloatArray,
    huber: float,
    with_gain: bool,
    slack: float,
    curved: bool,
    diagonal: FloatArray,
    factor: FloatArray,
    gradient: FloatArray,
    expected: FloatArray,
) -> tuple[float, float]:
    """Fill gradient Hᵀ W r (nodes, 2), expected (rows,) and, with_gain, the blocks of HᵀWH. Returns (J, largest constraint residual).

    dual: (nodes,) multiplier nodes, whose gradient is what their exact rows still miss; multiplier: (nodes, 2) what they pull with.
    slack: added to the variance of currents, whose direction is as uncertain as the voltages; infinite: they are left out.  curved:
    magnitudes of current, circles about zero, also hold back steps across them.  huber: residuals beyond so many standard deviations weigh
    less (0: never).
    """
    gradient[:] = 0.0
    if with_gain:
        diagonal[:] = 0.0
        factor[:] = 0.0
        for n in range(len(dual)):
            if dual[n]:  # a lane that no row takes stands for itself
                diagonal[n, 0, 0] = diagonal[n, 1, 1] = -1.0
    widest = widest_site(sites)
    by_angle, by_vm = np.empty(widest, np.complex128), np.empty(widest, np.complex128)
    da, dm = np.empty(widest), np.empty(widest)
    v = vm * np.exp(1j * theta)
    objective, broken = 0.0, 0.0
    for s in range(len(sites.own)):
        first, count = sites.start[s], sites.start[s + 1] - sites.start[s]
        power, current = site_terms(sites, s, v, vm, by_angle, by_vm)
        for r in range(sites.row_start[s], sites.row_start[s + 1]):
            code, w = rows.code[r], rows.weight[r]
            expected[r] = row_terms(code, sites, s, power, current, v, vm, theta, by_angle, by_vm, da, dm)
            if w == 0.0:
                continue
            if code >= CURRENT:
                w = 1.0 / (1.0 / w + slack)
            e = rows.z[r] - expected[r]
            if code in (ANGLE, CURRENT_ANGLE):
                e = wrapped(e)
            pull = w * e
            if rows.exact[r]:
                broken = max(broken, abs(e))
                gradient[rows.dual[r], rows.lane[r]] = e
                pull -= multiplier[rows.dual[r], rows.lane[r]]
            else:
                objective += pull * e
                far = abs(e) * np.sqrt(w)
                if huber > 0.0 and far > huber:
                    w *= huber / far
                    pull = w * e
            for k in range(count):
                node = sites.node[first + k]
                if reference[node]:
                    da[k] = 0.0
                gradient[node, 0] += da[k] * pull
                gradient[node, 1] += dm[k] * pull
            if not with_gain:
                continue
            add_gain(sites, s, w, da, dm, diagonal, factor)
            if rows.exact[r]:
                add_constraint(sites, s, rows.dual[r], rows.lane[r], da, dm, diagonal, factor)
            if code == CURRENT and curved:
                across = w * min(1.0, abs(1.0 - rows.z[r] / max(expected[r], _SMALL_CURRENT))) * expected[r] ** 2
                row_terms(CURRENT_ANGLE, sites, s, power, current, v, vm, theta, by_angle, by_vm, da, dm)
                for k in range(count):
                    da[k] = 0.0 if reference[sites.node[first + k]] else da[k]
                add_gain(sites, s, across, da, dm, diagonal, factor)
    if with_gain:
        for n in range(len(reference)):
            diagonal[n, 1, 0] = diagonal[n, 0, 1]
            if reference[n]:
                diagonal[n, 0, 0] = 1.0
    return objective, broken


@compiled
def derivatives(
    sites: Sites, rows: Rows, theta: FloatArray, vm: FloatArray, by_angle: FloatArray, by_vm: FloatArray, expected: FloatArray
) -> None:
    """Derivatives of every row by the entries of its site, one row after the other: by_angle, by_vm (sum of entries over rows,)."""
    widest = widest_site(sites)
    of_angle, of_vm = np.empty(widest, np.complex128), np.empty(widest, np.complex128)
    v, at = vm * np.exp(1j * theta), 0
    for s in range(len(sites.own)):
        count = sites.start[s + 1] - sites.start[s]
        power, current = site_terms(sites, s, v, vm, of_angle, of_vm)
        for r in range(sites.row_start[s], sites.row_start[s + 1]):
            expected[r] = row_terms(
                rows.code[r], sites, s, power, current, v, vm, theta, of_angle, of_vm, by_angle[at : at + count], by_vm[at : at + count]
            )
            at += count
