"""Which elements a sentence names."""

from collections.abc import Callable

import pytest

from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.sentence import read
from grid_models.twin.profiles import Grid

HV = [
    ("open line 14", ["HV1 Line 14"]),
    ("HV1_Line-14", ["HV1 Line 14"]),
    ("line14's loading", ["HV1 Line 14"]),
    ("lines 3, 5 and 8–10", ["HV1 Line 3", "HV1 Line 5", "HV1 Line 8", "HV1 Line 9", "HV1 Line 10"]),
    ("HV1 Line 3, 5 and 8-10", ["HV1 Line 3", "HV1 Line 5", "HV1 Line 8", "HV1 Line 9", "HV1 Line 10"]),
    ("trafos 1 to 3", ["HV1 Trafo 1", "HV1 Trafo 2", "HV1 Trafo 3"]),
    ("line no. 14", ["HV1 Line 14"]),
    ("line fourteen trips", ["HV1 Line 14"]),
    ("T2 and L14", ["HV1 Trafo 2", "HV1 Line 14"]),
    ("wind park 70", ["HV1 Sgen 70"]),
    ("the transformers in substation 3", ["HV1 Trafo 3", "HV1 Trafo 4"]),
    ("the line between HV1 Bus 149 and HV1 Bus 150", ["HV1 Line 14"]),
    ("the load at HV1 Bus 7", ["HV1 Load 7"]),
    ("HV1 Lnie 14", ["HV1 Line 14"]),
    ("set generators 5 and 6 to 20 MW", ["HV1 Sgen 5", "HV1 Sgen 6"]),
    ("show line 5, 10 transformers", ["HV1 Line 5"]),
    ("the twin of line 75", ["HV1 Line 54"]),
    ("line 54's sister circuit", ["HV1 Line 75"]),
    ("HV1 Line 75 and its twin", ["HV1 Line 75", "HV1 Line 54"]),
    ("the trip of 54", ["HV1 Line 54"]),
    ("with 22 out", ["HV1 Line 22"]),
    ("switching out 22 and 23", ["HV1 Line 22", "HV1 Line 23"]),
    ("how loaded is 75", ["HV1 Line 75"]),
    ("line fifty four", ["HV1 Line 54"]),
    ("SGEN-64", ["HV1 Sgen 64"]),
    ("bus 123 vs 124", ["HV1 Bus 123", "HV1 Bus 124"]),
    ("loads in area HV1_MV2.101", ["HV1 Load 53"]),
]
CASE39 = [
    ("the line between bus 5 and 6", ["Line 5-6 (1)"]),
    ("line 6-5", ["Line 5-6 (1)"]),
    ("lines 5-6 and 6-7", ["Line 5-6 (1)", "Line 6-7 (1)"]),
    ("line 8", ["Line 5-6 (1)"]),
    ("generator 30", ["Generator at Bus 30"]),
    ("load at bus 20", ["Load at Bus 20"]),
    ("the transformer between bus 2 and bus 30", ["Transformer 2-30 (1)"]),
    ("the 16-19 line and 21-22", ["Line 16-19 (1)", "Line 21-22 (1)"]),
    ("L16-19", ["Line 16-19 (1)"]),
    ("tie 26-27", ["Line 26-27 (1)"]),
    ("what flows from 4 to 14", ["Line 4-14 (1)"]),
    ("the corridor between bus 16 and bus 19", ["Line 16-19 (1)"]),
    ("bus 16 - bus 19 line", ["Line 16-19 (1)"]),
    ("bus 32 unit", ["Generator at Bus 32"]),
    ("machine on 38", ["Generator at Bus 38"]),
    ("loads at bus 4 and bus 8", ["Load at Bus 4", "Load at Bus 8"]),
    ("the generation at bus 30", ["Generator at Bus 30"]),
    ("the slack bus", ["Bus 31"]),
    ("Line 16-19, 21-22 and 2-3", ["Line 16-19 (1)", "Line 21-22 (1)", "Line 2-3 (1)"]),
]
CASE118 = [
    ("both 89-92 circuits", ["Line 89-92 (1)", "Line 89-92 (2)"]),
    ("circuit 2 of 89-90", ["Line 89-90 (2)"]),
    ("line 49-66 ckt 1", ["Line 49-66 (1)"]),
    ("cap bank at 34", ["Shunt at Bus 34"]),
]
TRAINING = [
    ("the coupler at A", ["A Coupler"]),
    ("the coupler of busbars 1 and 2", ["A Coupler"]),
    ("disconnectors at A Line 2", ["A Line 2 disconnector 1", "A Line 2 disconnector 2"]),
    ("disconnectors of T Line 2", ["A Line 2 disconnector 1", "A Line 2 disconnector 2"]),
    ("our solar plant", ["T Solar 1"]),
    ("the machine", ["T Machine 1"]),
]
NO_NAMES = [
    ("within 0.95-1.05", "case39"),
    ("in 10-15 minutes", "case39"),
    ("2-3 remedies", "case39"),
    ("by 2 to 3 percent", "case39"),
    ("on 2016-08-12", "case39"),
    ("the load", "case39"),
    ("close 3 breakers", "hv"),
    ("lose 54 MW", "hv"),
    ("we need lower voltage at 110", "hv"),
    ("the top 5 trips", "hv"),
    ("are these lines in parallel", "hv"),
]


@pytest.fixture(scope="module")
def mentions(grids: dict[str, Grid]) -> Callable[[str, str], tuple[Mention, ...]]:
    return lambda text, grid: read(text, grids[grid].model.registry).mentions


NAMED = {"hv": HV, "case39": CASE39, "case118": CASE118, "training": TRAINING}


@pytest.mark.parametrize(("text", "names", "grid"), [(*case, grid) for grid, cases in NAMED.items() for case in cases])
def test_names(mentions: Callable[[str, str], tuple[Mention, ...]], text: str, names: list[str], grid: str) -> None:
    """Names, lists, ranges, ends and places are found as the grid knows them."""
    assert [name for m in mentions(text, grid) for name in m.elements] == names


@pytest.mark.parametrize(("text", "grid"), NO_NAMES)
def test_numbers_that_name_nothing(mentions: Callable[[str, str], tuple[Mention, ...]], text: str, grid: str) -> None:
    """Bands, durations, counts, dates, amounts and levels are no elements."""
    assert mentions(text, grid) == ()


@pytest.mark.parametrize("text", ["HV2 Line 3", "line 140", "trafo 9", "HV1 Bus 999", "lines 14 and 140"])
def test_unknown(mentions: Callable[[str, str], tuple[Mention, ...]], text: str) -> None:
    """An unknown name stays unknown; the nearest are offered, never taken."""
    (mention,) = mentions(text, "hv")
    assert mention.unknown
    assert mention.nearest


@pytest.mark.parametrize(
    ("text", "grid", "count"),
    [("bus 57", "hv", 2), ("the line at bus 16", "case39", 5), ("the breaker of line 14", "hv", 4), ("HV1 1", "hv", 6)],
)
def test_ambiguous(mentions: Callable[[str, str], tuple[Mention, ...]], text: str, grid: str, count: int) -> None:
    """A phrase that fits several elements keeps all of them."""
    (mention,) = mentions(text, grid)
    assert not mention.elements
    assert len(mention.candidates) == count


def test_exclusion(mentions: Callable[[str, str], tuple[Mention, ...]]) -> None:
    """'Not line 15' is named, but not meant."""
    assert [m.excluded for m in mentions("open line 14, not line 15", "hv")] == [False, True]
