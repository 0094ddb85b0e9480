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
]
CASE39 = [
    ("the line between bus 5 and 6", ["Line 5-6 (1)"]),
    ("line 6-5", ["Line 5-6 (1)"]),
    ("lines 5-6 and 6-7", ["Line 5-6 (1)", "Line 6-7 (1)"]),
    ("line 8", ["Line 5-6 (1)"]),
    ("generator 30", ["Generator at Bus 30"]),
    ("load at bus 20", ["Load at Bus 20"]),
    ("the transformer between bus 2 and bus 30", ["Transformer 2-30 (1)"]),
]


@pytest.fixture(scope="module")
def mentions(grids: dict[str, Grid]) -> Callable[[str, str], tuple[Mention, ...]]:
    return lambda text, grid: read(text, grids[grid].model.registry).mentions


@pytest.mark.parametrize(("text", "names", "grid"), [*((*c, "hv") for c in HV), *((*c, "case39") for c in CASE39)])
def test_names(mentions: Callable[[str, str], tuple[Mention, ...]], text: str, names: list[str], grid: str) -> None:
    """Names, lists, ranges, ends and places are found as the grid knows them."""
    assert [name for m in mentions(text, grid) for name in m.elements] == names


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
