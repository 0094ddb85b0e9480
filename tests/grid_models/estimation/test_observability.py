"""What a set of measurements determines, checked against dense singular values of the same equations."""

from collections.abc import Callable

import numpy as np
import pytest

from evals.bench.full_measurements import full_measurements, noisy, phasors
from grid_models.errors import NotObservable
from grid_models.estimation.equations_kernel import Rows, derivatives
from grid_models.estimation.estimate import estimate, solved
from grid_models.estimation.layout import Layout, layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.no_load import unseen
from grid_models.estimation.observability import observability, observability_without
from grid_models.estimation.observable_part import observable_part
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import ComplexArray, FloatArray

Solutions = Callable[[str], Solution]

GRIDS = ("case14", "case30", "case118")
SEEDS = range(8)
NEARLY_IDLE = 1e-9  # rad and pu: enough for a current to have a direction
ZERO = 1e-6  # singular values of rows of length 1: far above what the tiny flows add, far below what counts
MOVED = 3e-8  # entries of null vectors: losses couple P to magnitudes so weakly that some move by no more than 1e-7


def everything(solution: Solution) -> MeasurementSet:
    """Voltages, injections and flows everywhere, and the currents into half of the branches."""
    branch = np.arange(0, len(solution.model.branches), 2)
    currents = phasors(solution, np.zeros(0, dtype=np.int64), branch)
    return MeasurementSet.joined([full_measurements(solution, everywhere=True), currents.where(currents.of_quantity(Quantity.I_FROM))])


def thinned(solution: Solution, seed: int) -> tuple[MeasurementSet, Layout]:
    """A random tenth to six tenths of all meters."""
    rng, whole = np.random.default_rng(seed), everything(solution)
    given = whole.where(rng.random(len(whole)) < rng.uniform(0.1, 0.6))
    return given, layout_of(network_of(solution.state), given)


def idle_jacobian(layout: Layout) -> FloatArray:
    """(rows, 2 nodes) by the estimator's own derivatives, angles first; no shunts and losses, as good as no current, rows of length 1."""
    sites, rng, count = layout.sites, np.random.default_rng(7), len(layout.order)
    y = sites.y.copy()
    for s in np.flatnonzero(np.diff(sites.start) > 1):
        entries = np.arange(sites.start[s], sites.start[s + 1])
        own = entries[sites.node[entries] == sites.own[s]]
        turned = np.exp(1j * (layout.start[0][sites.node[entries]] - layout.start[0][sites.own[s]]))
        y[own] = y[own] - np.sum(y[entries] * turned)
    theta, vm = (a + rng.normal(0, NEARLY_IDLE, count) for a in layout.start)
    return jacobian(layout, y, theta, vm)


def jacobian(layout: Layout, y: ComplexArray, theta: FloatArray, vm: FloatArray) -> FloatArray:
    sites, code, count = layout.sites, layout.table.code, len(layout.order)
    rows = Rows(code, np.zeros(len(code)), np.ones(len(code)), np.zeros(len(code), dtype=bool), code, code)
    site_of_row = np.repeat(np.arange(len(sites.own)), np.diff(sites.row_start))
    node = np.concatenate([sites.node[sites.start[s] : sites.start[s + 1]] for s in site_of_row])
    row = np.repeat(np.arange(len(code)), np.diff(sites.start)[site_of_row])
    by_angle, by_vm = np.empty(len(node)), np.empty(len(node))
    derivatives(sites._replace(y=y), rows, theta, vm, by_angle, by_vm, np.empty(len(code)))
    dense = np.zeros((len(code), 2 * count))
    dense[row, node], dense[row, count + node] = by_angle, by_vm
    dense[:, np.flatnonzero(layout.reference)] = 0.0
    size = np.linalg.norm(dense, axis=1, keepdims=True)
    return np.divide(dense, size, out=np.zeros_like(dense), where=size > 0)


def null_space(layout: Layout) -> FloatArray:
    """(2 nodes, open unknowns) from singular values; a reference's angle is not open."""
    _, values, right = np.linalg.svd(idle_jacobian(layout))
    rank = int(np.sum(values > ZERO))
    held = np.zeros((2 * len(layout.order), int(layout.reference.sum())))
    held[np.flatnonzero(layout.reference), np.arange(held.shape[1])] = 1.0
    vectors = right[rank:].T
    vectors = vectors - held @ (held.T @ vectors)
    left, sizes, _ = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(left[:, sizes > 0.5])


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_as_many_unknowns_are_open_as_singular_values_are_zero(name: str, seed: int, solution_of: Solutions) -> None:
    """The exact rank of randomly thinned sets is the dense numeric one, and the exact null vectors move what the dense ones move."""
    _, layout = thinned(solution_of(name), seed)
    found, dense = unseen(layout), null_space(layout)
    assert np.abs(idle_jacobian(layout) @ dense).max(initial=0.0) < ZERO
    assert found.unknowns == dense.shape[1]
    if found.unknowns:
        exact = np.concatenate([np.any(found.change[:, k] != 0, axis=1) for k in (0, 1)])
        assert np.array_equal(exact, np.abs(dense).max(axis=1) > MOVED)


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_called_observable_has_full_rank_under_load(name: str, seed: int, solution_of: Solutions) -> None:
    """In a loaded state, with shunts and losses, the real Jacobian of the observable islands has full rank."""
    given, layout = thinned(solution_of(name), seed)
    seen = observability(layout)
    if not seen.observable and not seen.islands:
        return
    part = layout if seen.observable else observable_part(seen, given)
    assert observability(part).observable
    theta, vm = (a + np.random.default_rng(seed).normal(0, 0.02, len(part.order)) for a in part.start)
    assert np.linalg.matrix_rank(jacobian(part, part.sites.y, theta, vm)) == part.states


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_missing_meters_restore_observability_and_none_can_be_spared(name: str, seed: int, solution_of: Solutions) -> None:
    """With exactly the named meters everything is observable; without any one of them it is not."""
    solution = solution_of(name)
    given, layout = thinned(solution, seed)
    missing = observability(layout).missing
    added = [Measurement(m.quantity, m.element, 0.0, 0.01) for m in missing]
    joined = MeasurementSet.joined([given, MeasurementSet.of(solution.model, added)])
    wide = layout_of(network_of(solution.state), joined)
    assert observability(wide).observable
    for k in range(len(given), len(joined)):
        row = wide.table.entry_row[wide.table.entry_measurement == k]
        used = np.ones(len(wide.table), dtype=bool)
        used[row] = False
        assert not observability_without(wide, used).observable


def test_a_grid_without_any_voltage_measured_lacks_one_voltage(solved14: Solution) -> None:
    """All flows and injections leave the level of the voltage open, and one voltage meter closes it."""
    whole = full_measurements(solved14, everywhere=True)
    given = whole.where(~whole.of_quantity(Quantity.V))
    with pytest.raises(NotObservable, match="voltage of Bus 1 would make it observable") as raised:
        estimate(solved14.model, given)
    assert len(raised.value.unobservable) == 14
    assert raised.value.missing == ("voltage of Bus 1",)


def test_two_unlinked_areas_are_two_islands_one_with_its_own_reference(solved14: Solution) -> None:
    """Without meters on the links and at their ends the part without the infeed has angles of its own, and three links would each do."""
    given = of_area(solved14, {1, 2, 3, 4, 5}, {6, 11, 12, 13})
    seen = observability(layout_of(network_of(solved14.state), given))
    assert [set(i) for i in seen.islands] == [{f"Bus {n}" for n in a} for a in ((1, 2, 3, 4, 5), (6, 11, 12, 13))]
    assert seen.relative == (False, True)
    assert set(seen.unobservable_buses) == {f"Bus {n}" for n in (7, 8, 9, 10, 14)}
    assert seen.words == "2 observable islands, 1 of them with angles only relative to its own reference; 5 buses unobservable"


def of_area(solution: Solution, *areas: set[int]) -> MeasurementSet:
    """V at the buses and flows on the branches inside areas of case14 (bus numbers from 1), with noise."""
    whole = noisy(full_measurements(solution, everywhere=True), np.random.default_rng(3))
    branches = solution.model.branches
    ends = list(zip(branches.from_bus + 1, branches.to_bus + 1, strict=True))
    inside = np.array([any(f in a and t in a for a in areas) for f, t in ends])
    bus = np.array([any(n in a for a in areas) for n in range(1, 15)])
    voltage = whole.of_quantity(Quantity.V)
    flow = whole.of_quantity(Quantity.P_FROM, Quantity.Q_FROM, Quantity.P_TO, Quantity.Q_TO)
    kept = np.zeros(len(whole), dtype=bool)
    kept[voltage] = bus[whole.element[voltage]]
    kept[flow] = inside[whole.element[flow]]
    return whole.where(kept)


def test_an_observable_island_is_estimated_as_if_the_rest_were_exactly_idle(solved14: Solution) -> None:
    """The partial estimate has the voltages, J and residuals of one whose open unknowns are closed by exact rows that add no redundancy."""
    model, given = solved14.model, of_area(solved14, {1, 2, 3, 4, 5})
    partial = estimate(model, given, partial=True)
    links = [n for n, f, t in zip(model.branches.name, model.branches.from_bus + 1, model.branches.to_bus + 1, strict=True) if t > 5]
    tree = [n for n in links if n.split(" ")[1] in ("4-7", "7-8", "7-9", "9-10", "9-14", "5-6", "6-11", "6-12", "6-13")]
    closed = [Measurement(q, n, 0.0) for n in tree for q in (Quantity.P_FROM, Quantity.Q_FROM)]
    whole = estimate(model, MeasurementSet.joined([given, MeasurementSet.of(model, closed)]))
    assert len(tree) == 9
    assert partial.j == pytest.approx(whole.j, rel=1e-6)
    assert partial.dof == whole.dof
    assert partial.vm_pu[:5] == pytest.approx(whole.vm_pu[:5], abs=1e-7)
    assert partial.va_degree[:5] == pytest.approx(whole.va_degree[:5], abs=1e-6)
    assert partial.normalised_residuals == pytest.approx(whole.normalised_residuals[: len(given)], rel=1e-3, abs=1e-4)
    assert np.isnan(partial.vm_pu[5:]).all()
    assert np.isnan(partial.va_degree[5:]).all()
    assert np.isnan(partial.solution.vm_pu[5:]).all()


def test_nothing_observable_cannot_be_estimated_partly(solved14: Solution) -> None:
    """One flow alone is refused even where a part would do."""
    with pytest.raises(NotObservable, match="voltage at 14 buses"):
        estimate(solved14.model, [Measurement(Quantity.P_FROM, "Line 1-2 (1)", 100.0, 1.0)], partial=True)


def test_rows_left_out_until_nothing_determines_a_bus_are_told_as_such(solved14: Solution) -> None:
    """Solving without all rows at a bus names the bus instead of a singular matrix."""
    given = of_area(solved14, set(range(1, 15)))
    layout = layout_of(network_of(solved14.state), given)
    at = layout.order[layout.network.place_of_bus[7]]
    touching = np.minimum.reduceat(layout.sites.node != at, layout.sites.start[:-1]) == 0
    used = np.repeat(~touching, np.diff(layout.sites.row_start))
    with pytest.raises(NotObservable, match=r"1 bus \(Bus 8\)"):
        solved(layout, given, used=used)


def test_left_out_rows_stay_left_out_in_the_observable_part(solved14: Solution) -> None:
    """A row of an island that is not in use takes no part in its partial estimate."""
    given = of_area(solved14, {1, 2, 3, 4, 5})
    layout = layout_of(network_of(solved14.state), given)
    used = np.ones(len(layout.table), dtype=bool)
    used[layout.table.entry_row[layout.table.entry_measurement == 0]] = False
    assert solved(layout, given, used=used, partial=True).j == pytest.approx(
        estimate(solved14.model, given.where(np.arange(len(given)) > 0), partial=True).j, rel=1e-9
    )
