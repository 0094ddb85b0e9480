"""Every kind of action moves the twin as the same change moves pandapower: voltages within 1e-6 pu on the whole grid."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest
import simbench

from grid_models.actions import Action, ActionKind
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import DEMO_STEP
from grid_models.twin.source import DEFAULT_GRID

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower and SimBench
Edit = Callable[[Any], None]


@pytest.fixture(scope="module")
def nets() -> dict[str, Any]:
    """The sources in pandapower, the default grid at the demo step with the taps enabled as our loader does."""
    net = simbench.get_simbench_net(DEFAULT_GRID)
    net.trafo["tap_changer_type"] = "Ratio"
    for (table, column), frame in simbench.get_absolute_values(net, profiles_instead_of_study_cases=True).items():
        if len(net[table]):
            net[table][column] = frame.iloc[DEMO_STEP].to_numpy()
    return {"default_grid": net, "case118": networks.case118(), "case39": networks.case39()}


def setting(table: str, name: str | None, column: str, value: object) -> Edit:
    """Set a column of the element of this name, or of all."""

    def edit(net: Any) -> None:
        rows = net[table].index if name is None else net[table].index[net[table]["name"] == name]
        assert len(rows)
        net[table].loc[rows, column] = value

    return edit


def scaling(table: str, factor: float, chosen: Callable[[Any], Any] | None = None) -> Edit:
    """Scale P and Q of a table's rows."""

    def edit(net: Any) -> None:
        rows = net[table].index if chosen is None else net[table].index[chosen(net)]
        for column in ("p_mw", "q_mvar"):
            if column in net[table]:
                net[table].loc[rows, column] *= factor

    return edit


def at_bus(table: str, bus: int, column: str, value: object) -> Edit:
    """Set a column of the element at a bus of an IEEE case (published number; pandapower counts from 0)."""

    def edit(net: Any) -> None:
        rows = net[table].index[net[table].bus == bus - 1]
        assert len(rows) == 1
        net[table].loc[rows, column] = value

    return edit


def opening_line(one: int, other: int) -> Edit:
    """Take the line between two published buses out."""

    def edit(net: Any) -> None:
        ends = {one - 1, other - 1}
        rows = [i for i in net.line.index if {net.line.from_bus[i], net.line.to_bus[i]} == ends]
        assert len(rows) == 1
        net.line.loc[rows, "in_service"] = False

    return edit


CASES: list[tuple[str, list[dict[str, object]], list[Edit]]] = [
    ("default_grid", [{"kind": "open", "element": "HV1 Load 7"}], [setting("load", "HV1 Load 7", "in_service", False)]),
    ("default_grid", [{"kind": "open", "element": "HV1 Sgen 47"}], [setting("sgen", "HV1 Sgen 47", "in_service", False)]),
    ("default_grid", [{"kind": "open", "element": "HV1 Switch 55"}], [setting("switch", "HV1 Switch 55", "closed", False)]),
    ("default_grid", [{"kind": "open", "element": "EHV Ext_grid 8"}], [setting("ext_grid", "EHV Ext_grid 8", "in_service", False)]),
    ("default_grid", [{"kind": "set_p", "element": "HV1 Sgen 47", "p_mw": 2.0}], [setting("sgen", "HV1 Sgen 47", "p_mw", 2.0)]),
    ("default_grid", [{"kind": "set_q", "element": "HV1 Sgen 47", "q_mvar": 9.0}], [setting("sgen", "HV1 Sgen 47", "q_mvar", 9.0)]),
    (
        "default_grid",
        [{"kind": "set_voltage", "element": "EHV Ext_grid 8", "vm_pu": 1.03}],
        [setting("ext_grid", "EHV Ext_grid 8", "vm_pu", 1.03)],
    ),
    ("default_grid", [{"kind": "set_tap", "element": "HV1 Trafo 1", "position": -2}], [setting("trafo", "HV1 Trafo 1", "tap_pos", -2)]),
    ("default_grid", [{"kind": "scale", "group": "loads", "factor": 2.0}], [scaling("load", 2.0)]),
    ("default_grid", [{"kind": "scale", "group": "generation", "factor": 0.5}], [scaling("sgen", 0.5)]),
    (
        "default_grid",
        [{"kind": "scale", "group": "wind", "factor": 0.3}],
        [scaling("sgen", 0.3, lambda net: net.sgen.type.str.contains("Wind|WP", na=False))],
    ),
    (
        "default_grid",
        [{"kind": "scale", "group": "area:HV1", "factor": 0.5}],
        [
            scaling("load", 0.5, lambda net: net.bus.loc[net.load.bus, "subnet"].to_numpy() == "HV1"),
            scaling("sgen", 0.5, lambda net: net.bus.loc[net.sgen.bus, "subnet"].to_numpy() == "HV1"),
        ],
    ),
    ("case118", [{"kind": "set_p", "element": "Generator at Bus 10", "p_mw": 300.0}], [at_bus("gen", 10, "p_mw", 300.0)]),
    ("case118", [{"kind": "set_voltage", "element": "Generator at Bus 10", "vm_pu": 1.03}], [at_bus("gen", 10, "vm_pu", 1.03)]),
    ("case118", [{"kind": "open", "element": "Generator at Bus 10"}], [at_bus("gen", 10, "in_service", False)]),
    ("case118", [{"kind": "set_shunt", "element": "Shunt at Bus 44", "step": 0}], [at_bus("shunt", 44, "step", 0)]),
    ("case39", [{"kind": "open", "element": "Line 16-17 (1)"}], [opening_line(16, 17)]),
    (
        "case39",
        [{"kind": "shed_load", "element": "Load at Bus 3", "p_mw": 161.0}],
        [at_bus("load", 3, "p_mw", 161.0), at_bus("load", 3, "q_mvar", 1.2)],
    ),
    (
        "case39",
        [
            {"kind": "scale", "group": "loads", "factor": 1.1},
            {"kind": "open", "element": "Line 1-2 (1)"},
            {"kind": "set_p", "element": "Generator at Bus 30", "p_mw": 100.0},
            {"kind": "scale", "group": "generation", "factor": 1.2},
        ],
        [scaling("load", 1.1), opening_line(1, 2), at_bus("gen", 30, "p_mw", 100.0), scaling("gen", 1.2)],
    ),
]


@pytest.mark.parametrize(("name", "changes", "edits"), CASES)
def test_the_same_change_in_pandapower(
    name: str, changes: list[dict[str, object]], edits: list[Edit], nets: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """Singly and together; the last case scales a machine that is on a set-point."""
    base = request.getfixturevalue(name).state_at()
    after = solve(base.apply([Action.model_validate(c) for c in changes]))
    net = copy.deepcopy(nets[name])
    for edit in edits:
        edit(net)
    pp.runpp(net, numba=False)
    theirs = net.res_bus.vm_pu.to_numpy()
    assert np.array_equal(np.isnan(theirs), np.isnan(after.vm_pu))
    assert np.nanmax(np.abs(theirs - after.vm_pu)) < 1e-6
    assert np.nanmax(np.abs(after.p_from_mw - solve(base).p_from_mw)) > 1e-4


def test_every_kind_is_compared() -> None:
    """`close` and `release` are inverses and lead back to the compared base (tests of `apply`)."""
    kinds = {str(c["kind"]) for _, changes, _ in CASES for c in changes}
    assert kinds | {"close", "release"} == {k.value for k in ActionKind}
