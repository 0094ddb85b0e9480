"""What an order operates and where, from the grid's own data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandapower.networks
import pytest

from grid_models.actions import Action
from grid_models.intake.net import model_from_net
from grid_models.twin.model import GridModel
from grid_models.twin.source import load_grid
from guardrails.scope import Touched
from guardrails.touched import touched_by


@pytest.fixture(scope="module")
def simbench(grid_cache: Path) -> GridModel:
    """The default grid: 110 kV with 380 and 220 kV infeed, areas and breakers."""
    return load_grid("1-HV-mixed--0-sw", grid_cache).model


def opened(*names: str) -> list[Action]:
    return [Action(kind="open", element=name) for name in names]


def test_an_element_lies_at_all_its_buses(simbench: GridModel) -> None:
    """A line at one level, a transformer at two, each with its areas; the same element twice is told once."""
    line, transformer = touched_by(simbench, opened("HV1 Line 14", "HV1 Trafo 1", "hv1 line 14"))
    assert (line.element, line.nominal_kv, line.areas) == ("HV1 Line 14", (110.0,), ("HV1",))
    assert transformer.nominal_kv in ((380.0, 110.0), (220.0, 110.0))
    assert set(transformer.areas) & {"HV1", "EHV1_HV1"}


def test_every_breaker_that_moves_is_touched(simbench: GridModel) -> None:
    """Not only what the person named."""
    found = touched_by(simbench, opened("HV1 Line 14"), [("HV1 Switch 55", "HV1 Switch 57")])
    assert [place.element for place in found] == ["HV1 Line 14", "HV1 Switch 55", "HV1 Switch 57"]
    assert {place.nominal_kv for place in found} == {(110.0,)}


@pytest.mark.parametrize("name", ["Load at Bus 14", "Generator at Bus 2", "Bus 3"])
def test_loads_machines_and_buses_lie_at_their_bus(model: GridModel, name: str) -> None:
    """One voltage and one area each."""
    (place,) = touched_by(model, [Action(kind="release", element=name)])
    assert len(place.nominal_kv) == 1
    assert place.areas == ("1",)


def test_a_star_point_is_no_place() -> None:
    """The fictitious middle of a three-winding transformer has no voltage that anybody is responsible for."""
    loaded = model_from_net(pandapower.networks.example_multivoltage(), "multivoltage")
    nominal_kv = np.where(loaded.buses.is_star, 999.0, loaded.buses.nominal_kv)
    model = replace(loaded, buses=replace(loaded.buses, nominal_kv=nominal_kv))
    legs = model.three_winding.legs[0]
    for name in (model.three_winding.name[0], *(model.branches.name[leg] for leg in legs)):
        (place,) = touched_by(model, opened(name))
        assert place.nominal_kv
        assert 999.0 not in place.nominal_kv


def test_what_the_grid_does_not_know_has_no_place(model: GridModel) -> None:
    """It is kept by its name, and lies outside of every limited scope."""
    assert touched_by(model, opened("Line 99")) == (Touched(element="Line 99"),)
