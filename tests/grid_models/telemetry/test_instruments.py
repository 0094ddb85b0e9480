"""The meters of a grid: enough of them, exact to a known degree, the same everywhere."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grid_models.telemetry.instruments import Instruments, instruments_of
from grid_models.telemetry.quantities import Quantity
from grid_models.telemetry.redundancy import redundancy
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_DIGEST = """
import hashlib, sys
from pathlib import Path
from grid_models.telemetry.instruments import instruments_of
from grid_models.twin.source import load_grid
i = instruments_of(load_grid("case118", Path(sys.argv[1])).model)
print(hashlib.sha256(i.quantity.tobytes() + i.element.tobytes() + i.sigma.round(9).tobytes()).hexdigest())
"""


@pytest.mark.parametrize("name", ["1-HV-mixed--0-sw", "case14", "case118"])
def test_redundancy_is_that_of_a_control_centre(name: str, grid_cache: Path) -> None:
    """Between two and three independent meters per unknown."""
    model = load_grid(name, grid_cache).model
    assert 2.0 <= redundancy(model, instruments_of(model)) <= 3.0


def test_every_node_has_a_voltage_and_every_branch_a_flow(default_grid: Grid, instruments: Instruments) -> None:
    """Without pseudo-measurements there is no node and no branch that nobody reads."""
    model = default_grid.model
    topology = topology_of(GridState.at_start(model))
    metered = instruments.element[instruments.rows_of(Quantity.V)]
    assert set(topology.node_of_bus[metered]) == set(np.flatnonzero(topology.node_live))
    assert model.buses.is_busbar[metered].all()
    flows = instruments.element[instruments.rows_of(Quantity.P_FROM, Quantity.P_TO)]
    assert set(flows) == set(range(len(model.branches)))


def test_every_position_and_echo_is_told(default_grid: Grid, instruments: Instruments) -> None:
    """Switches, statuses and set-points of every element come exactly; taps only where there is a changer."""
    model = default_grid.model
    assert len(instruments.rows_of(Quantity.SWITCH_CLOSED)) == len(model.switches)
    assert len(instruments.rows_of(Quantity.GENERATOR_P_SETPOINT)) == len(model.generators)
    tapped = np.flatnonzero(model.branches.tap_min < model.branches.tap_max)
    assert list(instruments.element[instruments.rows_of(Quantity.TAP)]) == list(tapped)
    exact = instruments.quantity >= Quantity.SWITCH_CLOSED
    assert not instruments.sigma[exact].any()
    assert (instruments.sigma[~exact] > 0).all()


def test_no_meter_has_a_full_scale_of_nothing(grid_cache: Path) -> None:
    """Sources without ratings and machines at rest get a full scale too."""
    for name in ("case14", "case118", "training"):
        meters = instruments_of(load_grid(name, grid_cache).model)
        assert (meters.full_scale > 0).all()
        assert np.isfinite(meters.sigma).all()


def test_a_phasor_unit_stands_at_an_infeed(default_grid: Grid, instruments: Instruments) -> None:
    """The angle reference of the grid is measured; every unit has a voltage, its angle and a current."""
    topology = topology_of(GridState.at_start(default_grid.model))
    angles = instruments.element[instruments.rows_of(Quantity.V_ANGLE)]
    assert np.isin(topology.node_of_bus[default_grid.model.infeeds.bus[0]], topology.node_of_bus[angles])
    phasors = np.isin(instruments.quantity, (Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO))
    assert phasors.sum() == len(angles)
    assert instruments.is_pmu[phasors].all()


def test_the_dead_band_is_part_of_the_standard_deviation(instruments: Instruments) -> None:
    """sigma² is the chain's variance and band²/3."""
    assert instruments.sigma**2 == pytest.approx(instruments.reading_sigma**2 + instruments.dead_band**2 / 3)
    assert (instruments.reading_sigma <= instruments.sigma).all()


def test_the_same_meters_in_every_process(case118: Grid, grid_cache: Path) -> None:
    """A plant and a twin in two processes mean the same meters."""
    runs = [subprocess.run([sys.executable, "-c", _DIGEST, str(grid_cache)], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout != ""
    other = instruments_of(case118.model, seed=1)
    assert len(other) != len(instruments_of(case118.model)) or (other.element != instruments_of(case118.model).element).any()


def test_stations_are_substations_where_the_source_names_them(default_grid: Grid, instruments: Instruments) -> None:
    """A line's terminal reports to the substation or busbar it can be joined to, never to itself."""
    model = default_grid.model
    assert set(model.buses.substations) <= set(instruments.stations)
    assert len(instruments.stations) < len(model.buses) / 4
