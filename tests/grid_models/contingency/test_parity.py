"""Base cases and seeded random outages of nine grids against pandapower.runpp with defaults, the reference for every grid."""

import copy
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest
import simbench

from grid_models.contingency.outages import OutageKind, outage_of, outages_of_kinds
from grid_models.contingency.screening import screen_outages
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import DEMO_STEP, Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state import GridState

BASE_PU, OUTAGE_PU, LOADING_PERCENT = 1e-6, 1e-5, 0.01
SMALL = ("case9", "case14", "case24_ieee_rts", "case39", "case57", "case118")
LARGE = ("case300", "case1354pegase")
pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower and SimBench


def _compare(net: Any, state: GridState, sample: int) -> int:
    """Base case and `sample` random branches, each taken out in pandapower by `in_service`. Number of outages compared."""
    rows = np.random.default_rng(len(net.bus)).choice(len(net.line) + len(net.trafo), sample, replace=False).tolist()
    branches = {e.index: e for e in state.model.registry.of_kind(ElementKind.LINE, ElementKind.TRANSFORMER)}
    screening = screen_outages(state, [outage_of(branches[row]) for row in rows])
    assert _voltage_gap(net, solve(state).vm_pu, state.model.buses.is_busbar) < BASE_PU
    compared = 0
    for i, row in enumerate(rows):
        after = copy.deepcopy(net)
        table, at = ("line", row) if row < len(net.line) else ("trafo", row - len(net.line))
        after[table].loc[after[table].index[at], "in_service"] = False
        try:
            gap = _voltage_gap(after, screening.vm_pu[i], state.model.buses.is_busbar)
        except pp.LoadflowNotConverged:
            continue
        assert screening.solved[i]
        assert gap < OUTAGE_PU
        theirs = np.concatenate([after.res_line.loading_percent, after.res_trafo.loading_percent])
        ours = screening.loading_percent[i][: len(theirs)]
        assert np.nanmax(np.abs(theirs - ours), initial=0.0) < LOADING_PERCENT
        compared += 1
    return compared


def _voltage_gap(net: Any, ours: np.ndarray, busbar: np.ndarray) -> float:
    """Largest deviation [pu] on busbars; both must call the same ones dead (a terminal dies with its line here, there it hangs on)."""
    pp.runpp(net, numba=False)
    theirs = net.res_bus.vm_pu.to_numpy()
    ours, theirs = ours[: len(theirs)][busbar[: len(theirs)]], theirs[busbar[: len(theirs)]]
    assert np.array_equal(np.isnan(theirs), np.isnan(ours))
    return float(np.nanmax(np.abs(theirs - ours)))


@pytest.mark.parametrize("name", SMALL)
def test_a_small_case_and_its_outages_equal_pandapower(name: str) -> None:
    """1e-6 pu in the base case, 1e-5 pu and 0.01 % loading after each of four outages."""
    net = getattr(networks, name)()
    assert _compare(net, GridState.at_start(model_from_net(copy.deepcopy(net), name)), 4) == 4


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_case_and_its_outages_equal_pandapower(name: str) -> None:
    """As above, twelve outages; those for which pandapower itself finds no solution are left out."""
    net = getattr(networks, name)()
    assert _compare(net, GridState.at_start(model_from_net(copy.deepcopy(net), name)), 12) >= 10


@pytest.mark.slow  # the year of profiles takes four seconds to read
def test_the_default_grid_and_its_outages_equal_pandapower(default_grid: Grid) -> None:
    """Three infeeds, breakers and taps, at the demo start."""
    assert _compare(_demo_net(), default_grid.state_at(), 4) == 4


def test_generators_and_busbars_that_fail_equal_pandapower(case39: Grid) -> None:
    """Every second machine of case39 and every eighth bus with its lines; without Bus 39's machine neither finds a solution."""
    state = case39.state_at()
    outages = [*outages_of_kinds(state, [OutageKind.GENERATOR])[::-2], *outages_of_kinds(state, [OutageKind.BUSBAR])[::8]]
    screening, untouched = screen_outages(state, outages), networks.case39()
    everything = np.ones(len(state.model.buses), dtype=bool)
    for i, outage in enumerate(outages):
        net = copy.deepcopy(untouched)
        row = outage.elements[0].index
        net["gen" if outage.kind is OutageKind.GENERATOR else "bus"].loc[row, "in_service"] = False
        if outage.kind is OutageKind.BUSBAR:  # pandapower would leave its lines energised from the other end
            net.line.loc[(net.line.from_bus == row) | (net.line.to_bus == row), "in_service"] = False
        try:
            gap = _voltage_gap(net, screening.vm_pu[i], everything)
        except pp.LoadflowNotConverged:
            assert not screening.solved[i]
            continue
        assert screening.solved[i]
        assert gap < OUTAGE_PU


def _demo_net() -> Any:
    """The default grid in pandapower at the demo step, with the taps enabled as our loader does."""
    net = simbench.get_simbench_net(DEFAULT_GRID)
    net.trafo["tap_changer_type"] = "Ratio"
    for (table, column), frame in simbench.get_absolute_values(net, profiles_instead_of_study_cases=True).items():
        if len(net[table]):
            net[table][column] = frame.iloc[DEMO_STEP].to_numpy()
    return net
