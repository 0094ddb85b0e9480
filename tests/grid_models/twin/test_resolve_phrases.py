"""What operators say, on four grids, and which element, choice or refusal they must get.

The expectations are written from the grids' own tables: SimBench's names, the published IEEE numbers, pandapower's table
index for 'line N' of an IEEE case, and the drawing of the training substation.
"""

import pytest

from grid_models.twin.profiles import Grid
from grid_models.twin.resolve import resolve

Expected = str | set[str] | None  # one element, several to choose from, or unknown

DEFAULT: list[tuple[str, Expected]] = [
    ("Ln 14", "HV1 Line 14"),
    ("L14", "HV1 Line 14"),
    ("line #14", "HV1 Line 14"),
    ("Line No. 14.", "HV1 Line 14"),
    ("line14", "HV1 Line 14"),
    ("T3", "HV1 Trafo 3"),
    ("xfmr 3", "HV1 Trafo 3"),
    ("transformer 3", "HV1 Trafo 3"),
    ("transformer T3", "HV1 Trafo 3"),
    ("busbar 12", "HV1 Bus 12"),
    ("bus 57", {"EHV Bus 57", "HV1 Bus 57"}),
    ("CB 5", "HV1 Switch 5"),
    ("disconnector 5", None),  # switch 5 is a circuit breaker
    ("load 3", "HV1 Load 3"),
    ("HV1 Bus 7's load", "HV1 Load 7"),
    ("load 3 at bus 7", None),  # at bus 7 is load 7
    ("the bus of load 7", "HV1 Bus 7"),
    ("the 220 kV infeed", "EHV Ext_grid 9"),
    ("the 380kV infeed", {"EHV Ext_grid 8", "EHV Ext_grid 10"}),
    ("slack", {"EHV Ext_grid 8", "EHV Ext_grid 9", "EHV Ext_grid 10"}),
    ("the 220 kV transformer", {"HV1 Trafo 3", "HV1 Trafo 4"}),
    ("the coupler at Substation 3", "EHV Switch 4079"),
    ("the coupler at Substation 5", None),  # there are three substations with plain numbers
    ("transformers in substation 3", {"HV1 Trafo 3", "HV1 Trafo 4"}),
    ("transformer 1 at substation 3", None),
    ("HV1 Line 75's twin", "HV1 Line 54"),
    ("the parallel of HV1 Line 14", {"HV1 Line 66", "HV1 Line 86", "HV1 Line 90"}),
    ("line 14 breakers", {f"HV1 Switch {n}" for n in (55, 56, 57, 58)}),
    ("wind park 70", "HV1 Sgen 70"),
    ("solar park 70", None),  # it is a wind park
    ("line 999", None),
    ("line -14", None),
    ("HV1 Lnie 14", None),
]
CASE39: list[tuple[str, Expected]] = [
    ("G30", "Generator at Bus 30"),
    ("gen at 30", "Generator at Bus 30"),
    ("generator 30", "Generator at Bus 30"),
    ("bus 30's generator", "Generator at Bus 30"),
    ("bus 30 generator", "Generator at Bus 30"),
    ("G31", None),  # bus 31 has the external grid
    ("G10", None),
    ("slack", "Infeed at Bus 31"),
    ("ext grid", "Infeed at Bus 31"),
    ("slack bus", "Bus 31"),
    ("load 3", "Load at Bus 3"),
    ("B12", "Bus 12"),
    ("bus 40", None),
    ("L8", "Line 5-6 (1)"),
    ("line 5\u20136", "Line 5-6 (1)"),
    ("6-5", "Line 5-6 (1)"),
    ("line from bus 5 to bus 6", "Line 5-6 (1)"),
    ("line between bus 5 and 6", "Line 5-6 (1)"),
    ("5-6 circuit 1", "Line 5-6 (1)"),
    ("5-6 circuit 2", None),
    ("the second circuit between 5 and 6", None),
    ("line 5-40", None),
    ("line 35", None),  # the table ends at 34
    ("T3", "Transformer 12-11 (1)"),
    ("branch 3", {"Line 2-25 (1)", "Transformer 12-11 (1)"}),
    ("line 2-30", None),  # a transformer joins them
    ("2-30", "Transformer 2-30 (1)"),
    ("transformer at bus 30", "Transformer 2-30 (1)"),
    ("the parallel of line 5-6", None),
    ("lines between area 1 and area 2", {"Line 1-39 (1)", "Line 3-4 (1)"}),
]
CASE118: list[tuple[str, Expected]] = [
    ("42-49", {"Line 42-49 (1)", "Line 42-49 (2)"}),
    ("42-49 circuit 2", "Line 42-49 (2)"),
    ("42-49 #2", "Line 42-49 (2)"),
    ("the second circuit between 42 and 49", "Line 42-49 (2)"),
    ("circuit 3 between 42 and 49", None),
    ("the parallel of 42-49 (1)", "Line 42-49 (2)"),
    ("line 117-1", None),  # bus 117 hangs on bus 12
    ("the reactor at bus 5", "Shunt at Bus 5"),
    ("the capacitor at bus 5", None),
    ("the capacitor at bus 34", "Shunt at Bus 34"),
    ("generator 10", "Generator at Bus 10"),
    ("transformer 5-8", "Transformer 8-5 (1)"),
    ("line 173", None),
]
TRAINING: list[tuple[str, Expected]] = [
    ("T1", "T Trafo 1"),  # every name here begins with T
    ("L1", "T Line 1"),
    ("T Line 1", "T Line 1"),
    ("T 1", {f"T {what} 1" for what in ("Line", "Trafo", "Load", "Machine", "Wind", "Solar", "Shunt")}),
    ("T2", None),
    ("the coupler", "A Coupler"),
    ("busbar B", "B Busbar"),
    ("the 20 kV busbar", "A MV Busbar"),
    ("line 1 breaker", {"A Line 1 breaker", "B Line 1 breaker"}),
    ("line 1 disconnector 2", "A Line 1 disconnector 2"),
    ("transformer 1 breaker", "A Trafo 1 breaker"),
    ("the transformer", "T Trafo 1"),
    ("machine 1", "T Machine 1"),
    ("the wind park", "T Wind 1"),
    ("the reactor", None),  # the shunt is a capacitor
    ("the parallel of line 1", "T Line 2"),
    ("the coupler at A", "A Coupler"),
    ("breakers at B", {"B Line 1 breaker", "B Line 2 breaker"}),
    ("disconnectors at A Line 2", {"A Line 2 disconnector 1", "A Line 2 disconnector 2"}),
    ("disconnectors of T Line 2", {"A Line 2 disconnector 1", "A Line 2 disconnector 2"}),
    ("breakers of T Line 2", {"A Line 2 breaker", "B Line 2 breaker"}),
    ("the coupler at C", None),
    ("the machine", "T Machine 1"),
]


def _check(grid: Grid, phrase: str, expected: Expected) -> None:
    found = resolve(grid.model.registry, phrase)
    if isinstance(expected, str):
        assert found.element is not None, found
        assert found.element.name == expected
    else:
        assert found.element is None
        assert {e.name for e in found.candidates} == (expected or set())


@pytest.mark.parametrize(("phrase", "expected"), DEFAULT)
def test_phrase_on_the_default_grid(default_grid: Grid, phrase: str, expected: Expected) -> None:
    """Kind, number, voltage, place and shorthand."""
    _check(default_grid, phrase, expected)


@pytest.mark.parametrize(("phrase", "expected"), CASE39)
def test_phrase_on_case39(case39: Grid, phrase: str, expected: Expected) -> None:
    """Published bus numbers, ends and table indices."""
    _check(case39, phrase, expected)


@pytest.mark.parametrize(("phrase", "expected"), CASE118)
def test_phrase_on_case118(case118: Grid, phrase: str, expected: Expected) -> None:
    """Double circuits, and shunts of both signs."""
    _check(case118, phrase, expected)


@pytest.mark.parametrize(("phrase", "expected"), TRAINING)
def test_phrase_on_the_training_substation(training: Grid, phrase: str, expected: Expected) -> None:
    """Names that begin with a letter that is also shorthand; breakers and disconnectors told apart."""
    _check(training, phrase, expected)
