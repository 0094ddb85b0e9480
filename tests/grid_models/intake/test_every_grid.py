"""Every grid that the product names loads and equals pandapower.runpp within 1e-6 pu, or ends in one sentence where runpp diverges too."""

import copy
from functools import cache
from typing import Any

import numpy as np
import pandapower as pp
import pytest
import simbench

from grid_models.errors import PowerFlowDiverged
from grid_models.intake.builtin import builtin_functions
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.catalogue import known_grids, simbench_families
from grid_models.twin.source import DEFAULT_GRID, TRAINING_GRID, load_grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower and SimBench

VOLTAGE_TOLERANCE_PU = 1e-6
LOADING_TOLERANCE_PERCENT = 0.01
NO_SOLUTION = frozenset({"case11_iwamoto"})  # an ill-conditioned case by design: pandapower's Newton diverges as well
FAST = ("case5", "case33bw", "create_cigre_network_mv", "example_multivoltage")
SIMBENCH = (
    "1-LV-rural1--0-sw",
    "1-MV-rural--0-sw",
    "1-MV-rural--0-no_sw",
    "1-HV-mixed--0-no_sw",
    "1-HV-urban--0-sw",
    "1-EHV-mixed--0-sw",
    "1-EHV-mixed--0-no_sw",
    "1-EHVHV-mixed-all-0-sw",
    "1-HVMV-mixed-all-0-sw",
    "1-MVLV-rural-all-0-sw",
    "1-EHVHVMVLV-mixed-all-0-sw",
    "1-complete_data-mixed-all-0-sw",
)


@cache
def _functions() -> Any:
    return builtin_functions()


def _deviation(net: Any, name: str) -> tuple[float, float]:
    """Largest deviation of voltages [pu] and loadings [%]; both must call the same buses dead. Taps act as the loader says they do."""
    solution = solve(GridState.at_start(model_from_net(copy.deepcopy(net), name)))
    silent = net.trafo.tap_changer_type.isna() & net.trafo.tap_step_percent.fillna(0).ne(0) & net.trafo.tap_side.notna()
    net.trafo.loc[silent, "tap_changer_type"] = "Ratio"
    pp.runpp(net, numba=False)
    theirs, ours = net.res_bus.vm_pu.to_numpy(), solution.vm_pu[: len(net.bus)]
    assert np.array_equal(np.isnan(theirs), np.isnan(ours))
    return float(np.nanmax(np.abs(theirs - ours))), _loading_deviation(net, solution)


def _loading_deviation(net: Any, solution: Solution) -> float:
    theirs = np.concatenate([net.res_line.loading_percent, net.res_trafo.loading_percent]).astype(float)
    ours, rated = solution.loading_percent[: len(theirs)], solution.model.branches.rated[: len(theirs)]
    apart = np.abs(np.nan_to_num(theirs) - np.nan_to_num(ours))[rated]
    return float(apart.max(initial=0.0))


@pytest.mark.parametrize("name", FAST)
def test_a_small_built_in_grid_equals_pandapower(name: str) -> None:
    """A few of them at every run."""
    voltage, loading = _deviation(_functions()[name](), name)
    assert voltage < VOLTAGE_TOLERANCE_PU
    assert loading < LOADING_TOLERANCE_PERCENT


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(builtin_functions()) - set(FAST)))
def test_every_built_in_grid_equals_pandapower(name: str) -> None:
    """All functions of pandapower.networks that need no argument."""
    net = _functions()[name]()
    if name in NO_SOLUTION:
        with pytest.raises(pp.LoadflowNotConverged):
            pp.runpp(copy.deepcopy(net), numba=False)
        with pytest.raises(PowerFlowDiverged, match="did not converge"):
            solve(GridState.at_start(model_from_net(net, name)))
        return
    voltage, loading = _deviation(net, name)
    assert voltage < VOLTAGE_TOLERANCE_PU
    assert loading < LOADING_TOLERANCE_PERCENT


@pytest.mark.slow
@pytest.mark.parametrize("code", SIMBENCH)
def test_every_simbench_family_equals_pandapower(code: str) -> None:
    """One code of each combination of voltage levels, with and without switches."""
    voltage, loading = _deviation(simbench.get_simbench_net(code), code)
    assert voltage < VOLTAGE_TOLERANCE_PU
    assert loading < LOADING_TOLERANCE_PERCENT


def test_every_simbench_family_is_tried() -> None:
    """No combination of levels is left out above; 246 codes are listed."""
    families = simbench_families()
    tried = {code.split("-")[1] for code in (*SIMBENCH, DEFAULT_GRID)}
    assert {f.levels for f in families} == tried
    assert sum(f.codes for f in families) == len(simbench.collect_all_simbench_codes())


@pytest.mark.parametrize("name", [TRAINING_GRID, "case5", "example_multivoltage", "create_cigre_network_mv"])
def test_the_listed_sizes_are_those_of_the_grids(name: str) -> None:
    """Buses without star points; a three-winding transformer is one branch."""
    model = load_grid(name).model
    listed = next(g for g in known_grids() if g.name == name)
    assert listed.buses == int((~model.buses.is_star).sum())
    assert listed.branches == len(model.branches) - 2 * len(model.three_winding)


def test_every_listed_grid_has_a_size() -> None:
    """The default grid first, then the training grid, then the built-in ones."""
    listed = known_grids()
    assert [g.kind for g in listed[:3]] == ["default", "training", "built-in"]
    assert {g.name for g in listed[2:]} == set(_functions())
    assert all(g.buses for g in listed)
