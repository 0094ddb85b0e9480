"""The loads of the map against AC power flows: it is linear around one of them, and this says how far off that is."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.life.outlook import Outlook
from grid_models.steady.boundary import solve
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState

Look = Callable[..., Outlook]
KINDS = 4  # constant rows of the relative values


def off(outlook: Outlook, every: Sequence[FloatArray]) -> FloatArray:
    """(values, transformers) load of the map less that of a power flow [pu]."""
    found = []
    for values in every:
        solution = solve(outlook.state_with(values))
        percent = [np.nan_to_num(solution.loading_percent[list(c.unit.branches)]).max() for c in outlook.cases]
        found.append(np.abs(outlook.load_map.loads(values[:, None]))[:, 0] - np.array(percent) / 100.0)
    return np.array(found)


def of_year(grid: Grid, count: int) -> list[FloatArray]:
    """Relative values at random plant times."""
    assert grid.profiles is not None
    steps = np.random.default_rng(5).integers(0, grid.profiles.steps, count)
    return [np.append(grid.profiles.shape[:, k], np.ones(KINDS)) for k in steps]


def parks(state: GridState, count: int) -> list[str]:
    largest = np.argsort(-np.where(state.model.generators.weather, state.model.start.generator_p_mw, 0.0))
    return [state.model.generators.name[i] for i in largest[:count]]


def town_loads(state: GridState, count: int) -> list[tuple[str, float]]:
    """The largest loads with their present demand."""
    return [(state.model.loads.name[i], float(state.load_p_mw[i])) for i in np.argsort(-state.model.start.load_p_mw)[:count]]


def test_sixty_plant_times_of_the_year(look: Look, default_grid: Grid) -> None:
    """All six transformers of the default grid within 0.012 pu of AC power flows, whatever the season."""
    assert np.abs(off(look(), of_year(default_grid, 60))).max() < 0.012


CHANGES: dict[str, tuple[Callable[[GridState], list[Action]], float]] = {
    "capped": (lambda s: [Action(kind="set_p", element=name, p_mw=15.0) for name in parks(s, 8)], 0.012),
    "off": (lambda s: [Action(kind="open", element=name) for name in parks(s, 8)], 0.012),
    "reactive": (lambda s: [Action(kind="set_q", element=name, q_mvar=-10.0) for name in parks(s, 8)], 0.012),
    "all shed": (lambda s: [Action(kind="shed_load", element=name, p_mw=p) for name, p in town_loads(s, 5)], 0.016),
    "half shed": (lambda s: [Action(kind="shed_load", element=name, p_mw=p / 2) for name, p in town_loads(s, 5)], 0.014),
    "more load": (lambda s: [Action(kind="scale", group="loads", factor=1.5)], 0.012),
    "more wind": (lambda s: [Action(kind="scale", group="wind", factor=1.3)], 0.016),
    "machines": (lambda s: [Action(kind="set_p", element=name, p_mw=10.0) for name in s.model.generators.name[:3]], 0.014),
}


@pytest.mark.parametrize("changes", CHANGES)
def test_changes_are_in_the_map(look: Look, default_grid: Grid, changes: str) -> None:
    """Caps, machines that are off, reactive set-points, shed and scaled loads count in the map as they do in a power flow."""
    actions, tolerance = CHANGES[changes]
    changed = look(state=lambda s: s.apply(actions(s)))
    assert np.abs(off(changed, of_year(default_grid, 25))).max() < tolerance


def test_a_cap_holds_only_while_the_wind_is_above_it(look: Look, station: Callable[..., Grid]) -> None:
    """Below its cap a park follows the wind; above it nothing changes any more."""
    capped = look(grid=station(10.0, wind_mw=40.0), state=lambda s: s.apply([Action(kind="set_p", element="Park", p_mw=20.0)]))
    values = np.ones((KINDS, 3))
    values[1] = [0.25, 0.5, 1.0]
    load = capped.load_map.loads(values)[0]
    assert abs(load[1] - load[0]) == pytest.approx(10.0 / 2 / 40.0, rel=0.05)
    assert load[2] == pytest.approx(load[1], abs=1e-12)


def test_shed_load_stays_shed_in_megawatts(station: Callable[..., Grid], look: Look) -> None:
    """Ten megawatts shed now are ten megawatts when demand has doubled, not a quarter of it."""
    shed = look(grid=station(40.0), state=lambda s: s.apply([Action(kind="shed_load", element="Town", p_mw=10.0)]))
    plain = look(grid=station(40.0))
    for factor in (0.5, 1.0, 1.5):
        values = np.full((KINDS, 1), factor)
        assert np.abs(off(shed, [values[:, 0]])).max() < 0.01
        less = np.abs(plain.load_map.loads(values))[0, 0] - np.abs(shed.load_map.loads(values))[0, 0]
        assert less == pytest.approx(10.0 / 2 / 40.0, abs=0.015)


def test_a_set_point_cannot_blow_wind(station: Callable[..., Grid], look: Look) -> None:
    """A park without any wind installed or available injects nothing, whatever its set-point; a machine of its own does."""
    grid = station(40.0, wind_mw=0.0)
    plain, values = look(grid=grid), np.ones((KINDS, 1))
    park = look(grid=grid, state=lambda s: s.apply([Action(kind="set_p", element="Park", p_mw=30.0)]))
    gas = look(grid=grid, state=lambda s: s.apply([Action(kind="set_p", element="Gas", p_mw=30.0)]))
    assert park.load_map.loads(values) == pytest.approx(plain.load_map.loads(values))
    assert np.abs(gas.load_map.loads(values))[0, 0] < 0.5 * np.abs(plain.load_map.loads(values))[0, 0]
    assert np.abs(off(gas, [values[:, 0]])).max() < 1e-6


def test_an_open_transformer_stays_at_zero(look: Look, default_grid: Grid) -> None:
    """A dead end carries nothing on any course, and its twin carries what a power flow says."""
    opened = look(state=lambda s: s.apply([Action(kind="open", element="HV1 Trafo 1")]))
    values = of_year(default_grid, 15)
    assert not np.abs(opened.load_map.loads(np.array(values).T))[0].any()
    assert not np.abs(opened.load_map.of_parts(np.array(values).T))[:, 0].any()
    assert np.abs(off(opened, values)).max() < 0.018


def test_a_transformer_is_followed_through_zero(look: Look, station: Callable[..., Grid]) -> None:
    """Feeding, idle and taking back: the magnitude has its kink where the flow turns round."""
    turning = look(grid=station(40.0, wind_mw=40.0))
    values = np.ones((KINDS, 5))
    values[1] = [0.0, 0.5, 1.0, 1.5, 2.0]  # wind
    load = np.abs(turning.load_map.loads(values))[0]
    assert np.argmin(load) == 2
    assert load[0] > 1.5 * load[1] > 3 * load[2]
    assert load[4] > 1.5 * load[3] > 3 * load[2]
    assert np.abs(off(turning, list(values.T))).max() < 0.012


@pytest.mark.parametrize("state", ["as it is", "fixed machine"])
def test_machines_that_hold_voltages(look: Look, case39: Grid, state: str) -> None:
    """On case39 the map is exact at its own point and within 0.01 pu where load and machines stray by 3 % against each other."""

    def changed(now: GridState) -> GridState:
        fixed = now.model.generators.name[2]
        return now if state == "as it is" else now.apply([Action(kind="set_p", element=fixed, p_mw=500.0)])

    outlook = look(grid=case39, state=changed)
    assert np.abs(off(outlook, [np.ones(KINDS)])).max() < 1e-6
    strayed = list(np.random.default_rng(1).uniform(0.97, 1.03, (15, KINDS)))
    assert np.abs(off(outlook, strayed)).max() < 0.01


def test_placeholder_ratings_need_a_record(look: Look, case118: Grid) -> None:
    """With a record's rating a transformer of case118 is loaded by its power over that rating."""
    name = next(e.name for e in case118.model.registry.elements if e.kind == "transformer")
    book = AssetBook.of(case118.model, [AssetRecord(name, rated_mva=500.0)])
    outlook = look(grid=case118, book=book)
    (case,) = outlook.cases
    solution = solve(outlook.state_with(np.ones(KINDS)))
    branch = case.unit.branches[0]
    model = case118.model
    powers = [
        np.sqrt(3) * kv * ka
        for kv, ka in (
            (model.buses.nominal_kv[model.branches.from_bus[branch]], solution.i_from_ka[branch]),
            (model.buses.nominal_kv[model.branches.to_bus[branch]], solution.i_to_ka[branch]),
        )
    ]
    assert np.abs(outlook.load_map.loads(np.ones((KINDS, 1))))[0, 0] == pytest.approx(max(powers) / 500.0, rel=1e-6)


@pytest.mark.slow
def test_three_windings(look: Look, grid_cache: object) -> None:
    """A transformer of three windings is loaded by its most loaded leg."""
    grid = load_grid("example_multivoltage", grid_cache)  # type: ignore[arg-type]
    three = [e.name for e in grid.model.registry.elements if e.kind == "three-winding transformer"]
    assert three
    book = AssetBook.of(grid.model, [AssetRecord(name, rated_mva=40.0) for name in three])
    outlook = look(grid=grid, book=book)
    assert len(outlook.cases) == len(three)
    assert all(len(c.unit.branches) == 3 for c in outlook.cases)
    solution = solve(outlook.state_with(np.ones(KINDS)))
    for u, case in enumerate(outlook.cases):
        legs = list(case.unit.branches)
        kv = grid.model.buses.nominal_kv[grid.model.branches.from_bus[legs]]
        mva = np.sqrt(3) * kv * np.nan_to_num(solution.i_from_ka[legs])
        assert np.abs(outlook.load_map.loads(np.ones((KINDS, 1))))[u, 0] == pytest.approx(mva.max() / 40.0, rel=1e-6)
