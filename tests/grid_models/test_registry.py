"""Names: which element a phrase means, and that it never means one of another kind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.errors import AmbiguousElement, UnknownElement
from grid_models.twin.registry import ElementKind, Registry, normalised
from grid_models.twin.resolve import KIND_WORDS, kinds_in, nearest, resolve
from grid_models.twin.source import load_grid

_CACHE: dict[str, Registry] = {}


@pytest.fixture(scope="session")
def hv(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return _registry("1-HV-mixed--0-sw", tmp_path_factory.mktemp("grids"))


@pytest.fixture(scope="session")
def case39(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return _registry("case39", tmp_path_factory.mktemp("grids"))


def _registry(name: str, cache: Path) -> Registry:
    return _CACHE.setdefault(name, load_grid(name, cache).model.registry)


def test_every_display_name_is_found(hv: Registry, case39: Registry) -> None:
    """A display name means its element, however it is punctuated."""
    for registry in (hv, case39):
        for element in registry.elements:
            assert resolve(registry, element.name).element == element
            assert registry.find(normalised(element.name)) == element


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("line 14", "HV1 Line 14"),
        ("hv1_line-14", "HV1 Line 14"),
        ("the trafo 3", "HV1 Trafo 3"),
        ("wind park 70", "HV1 Sgen 70"),
        ("ext grid 8", "EHV Ext_grid 8"),
        ("load at HV1 Bus 7", "HV1 Load 7"),
        ("line between HV1 Bus 149 and HV1 Bus 150", "HV1 Line 14"),
    ],
)
def test_phrase_on_the_default_grid(hv: Registry, phrase: str, name: str) -> None:
    """Kind and number, aliases of the trade, places and ends."""
    found = resolve(hv, phrase).element
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("line 5-6", "Line 5-6 (1)"),
        ("line 6-5", "Line 5-6 (1)"),
        ("line 8", "Line 5-6 (1)"),
        ("line between bus 5 and 6", "Line 5-6 (1)"),
        ("gen 30", "Generator at Bus 30"),
    ],
)
def test_phrase_on_an_ieee_case(case39: Registry, phrase: str, name: str) -> None:
    """Unnamed branches by their ends or the table's index; machines by their bus."""
    found = resolve(case39, phrase).element
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(("phrase", "count"), [("bus 57", 2), ("transformers in substation 3", 2), ("breakers of line 14", 4)])
def test_several_fit(hv: Registry, phrase: str, count: int) -> None:
    """Several elements fit: all are candidates, none is chosen."""
    found = resolve(hv, phrase)
    assert found.element is None
    assert len(found.candidates) == count


def test_unknown_is_refused_with_the_nearest(hv: Registry) -> None:
    """No substitute for an unknown name; the nearest are only named."""
    found = resolve(hv, "HV1 Line 140")
    assert found.element is None
    assert not found.candidates
    assert "HV1 Line 14" in found.nearest
    with pytest.raises(UnknownElement, match="HV1 Line 14"):
        hv.find("HV1 Line 140")


def test_alias_of_two_elements_is_ambiguous(hv: Registry) -> None:
    """`find` takes exact names only."""
    with pytest.raises((UnknownElement, AmbiguousElement)):
        hv.find("line")


def test_numbers_are_compared_whole(hv: Registry) -> None:
    """'Line 1' is not 'Line 14'."""
    found = resolve(hv, "line 1").element
    assert found is not None
    assert found.name == "HV1 Line 1"


def test_one_end_without_a_number_is_no_bus(hv: Registry) -> None:
    """'Between HV1 Bus 149 and HV1' names one end only."""
    assert resolve(hv, "line between HV1 Bus 149 and HV1").element is None


_WORDS = st.sampled_from([*sorted(KIND_WORDS), "HV1", "EHV", "at", "of", "between", "and", "the", "bus", "substation", "-"])
_PHRASES = st.lists(st.one_of(_WORDS, st.integers(0, 430).map(str)), min_size=1, max_size=6).map(" ".join)


@given(phrase=_PHRASES)
def test_kind_never_contradicts_the_phrase(hv: Registry, case39: Registry, phrase: str) -> None:
    """Whatever is typed, the element found is of a kind that the phrase's first kind word allows, unless the phrase is its name."""
    wanted = kinds_in(phrase)
    for registry in (hv, case39):
        found = resolve(registry, phrase)
        for element in (*((found.element,) if found.element else ()), *found.candidates):
            assert not wanted or element.kind in wanted or element in registry.exact(phrase)


@given(phrase=_PHRASES, kind=st.sampled_from(ElementKind))
def test_asked_kind_is_kept(hv: Registry, phrase: str, kind: ElementKind) -> None:
    """A caller that asks for one kind never gets another, not even by an exact name."""
    found = resolve(hv, phrase, (kind,))
    assert all(e.kind is kind for e in (*((found.element,) if found.element else ()), *found.candidates))
    assert all(e.kind is kind for name in found.nearest for e in hv.exact(name))


@given(text=st.text(max_size=40))
def test_nothing_typed_breaks_it(hv: Registry, text: str) -> None:
    """Any text gives a resolution, never an exception."""
    resolve(hv, text)
    nearest(hv, text)
