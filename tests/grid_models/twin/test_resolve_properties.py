"""Promises of names that hold for any phrase: no other kind, no substitute, no surprise by spelling."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid_models.twin.kind_words import ALL_WORDS, family, kinds_in
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import Element, ElementKind, Registry, normalised
from grid_models.twin.resolve import Resolution, resolve

_SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_LEADS = st.sampled_from(["", "the ", "The ", "HV1 ", "T "])
_NUMBERS = st.one_of(st.integers(0, 130).map(str), st.tuples(st.integers(1, 60), st.integers(1, 60)).map(lambda n: f"{n[0]}-{n[1]}"))


@pytest.fixture(scope="module")
def registries(default_grid: Grid, case39: Grid, case118: Grid, training: Grid) -> tuple[Registry, ...]:
    return tuple(grid.model.registry for grid in (default_grid, case39, case118, training))


def _offered(found: Resolution) -> tuple[Element, ...]:
    return (found.element,) if found.element else found.candidates


@_SETTINGS
@given(lead=_LEADS, word=st.sampled_from(sorted(ALL_WORDS)), gap=st.sampled_from([" ", " #", " no. "]), number=_NUMBERS)
def test_kind_word_and_number_keep_the_kind(registries: tuple[Registry, ...], lead: str, word: str, gap: str, number: str) -> None:
    """'<kind word> <number>' never gives an element of another kind, on any grid, unless it is exactly its name."""
    phrase = f"{lead}{word}{gap}{number}"
    for registry in registries:
        for element in _offered(resolve(registry, phrase)):
            assert element.kind in family(ALL_WORDS[word]) or element in registry.exact(phrase)


@_SETTINGS
@given(
    word=st.sampled_from(sorted(ALL_WORDS)),
    place=st.sampled_from(["bus", "line", "trafo", "substation", "area"]),
    number=st.integers(0, 60),
)
def test_place_never_changes_the_kind(registries: tuple[Registry, ...], word: str, place: str, number: int) -> None:
    """'<kind word> at <place>' and '<place> <kind word>' ask for the kind word's kind."""
    for registry in registries:
        for phrase in (f"{word} at {place} {number}", f"{place} {number} {word}"):
            for element in _offered(resolve(registry, phrase)):
                assert element.kind in family(ALL_WORDS[word]) or element in registry.exact(phrase)


@_SETTINGS
@given(data=st.data())
def test_shorthand_keeps_the_kind(registries: tuple[Registry, ...], data: st.DataObject) -> None:
    """'L14' is a line, 'T3' a transformer, 'G2' a generator, 'B5' a bus, whatever the grid's names begin with."""
    kinds = {
        "L": ElementKind.LINE,
        "T": ElementKind.TRANSFORMER,
        "G": ElementKind.GENERATOR,
        "B": ElementKind.BUS,
        "CB": ElementKind.SWITCH,
    }
    letter = data.draw(st.sampled_from(sorted(kinds)))
    number = data.draw(st.integers(0, 130))
    for registry in registries:
        assert all(e.kind is kinds[letter] for e in _offered(resolve(registry, f"{letter}{number}")))


def test_every_name_and_alias_means_its_element(registries: tuple[Registry, ...]) -> None:
    """A display name means its element; an alias too, unless it is another element's display name."""
    for registry in registries:
        by_name = {e.name: e for e in registry.elements}
        assert len(by_name) == len(registry.elements)
        assert all(resolve(registry, name).element == element for name, element in by_name.items())
        assert all(resolve(registry, alias).element == by_name[name] for alias, name in registry.model.aliases)


@_SETTINGS
@given(data=st.data())
def test_case_and_punctuation_do_not_matter(registries: tuple[Registry, ...], data: st.DataObject) -> None:
    """However a name is capitalised, spaced and joined, it means the same element."""
    registry = data.draw(st.sampled_from(registries))
    element = data.draw(st.sampled_from(registry.elements))
    glue = data.draw(st.sampled_from([" ", "_", "-", "  ", " - ", ", "]))
    respelt = glue.join(normalised(element.name).split())
    for phrase in (respelt, respelt.upper(), respelt.title(), f" {respelt}. "):
        assert resolve(registry, phrase).element == element


@_SETTINGS
@given(data=st.data())
def test_a_mistyped_name_is_never_taken(registries: tuple[Registry, ...], data: st.DataObject) -> None:
    """Two letters swapped, one doubled or one replaced: the assistant asks, it does not take the nearest."""
    registry = data.draw(st.sampled_from(registries))
    element = data.draw(st.sampled_from(registry.elements))
    words = list(re.finditer(r"[A-Za-z]{3,}", element.name))
    word = data.draw(st.sampled_from(words))
    at = data.draw(st.integers(word.start() + 1, word.end() - 2))
    name = element.name
    wrong = data.draw(
        st.sampled_from(
            [name[:at] + name[at + 1] + name[at] + name[at + 2 :], name[:at] + "q" + name[at + 1 :], name[:at] + "q" + name[at:]]
        )
    )
    if normalised(wrong) == normalised(name):
        return
    found = resolve(registry, wrong)
    assert found.element is None
    assert element not in found.candidates


@_SETTINGS
@given(word=st.sampled_from(sorted(ALL_WORDS)), number=st.integers(5000, 10**9))
def test_unknown_numbers_never_resolve(registries: tuple[Registry, ...], word: str, number: int) -> None:
    """A number that no name holds gives nothing, alone, glued, at a place or as an end."""
    for registry in registries:
        for phrase in (
            f"{word} {number}",
            f"{word}{number}",
            f"{word} at bus {number}",
            f"line 5-{number}",
            f"line between {number} and 6",
        ):
            assert not _offered(resolve(registry, phrase))


@_SETTINGS
@given(
    phrase=st.lists(st.one_of(st.sampled_from([*sorted(ALL_WORDS), "at", "of", "parallel", "220 kV", "area"]), _NUMBERS), max_size=6).map(
        " ".join
    )
)
def test_scores_stand_beside_candidates_best_first(registries: tuple[Registry, ...], phrase: str) -> None:
    """Candidates come with scores of 0-100 in falling order; one element needs none, and its kind is the phrase's."""
    for registry in registries:
        found = resolve(registry, phrase)
        assert len(found.scores) == len(found.candidates) != 1
        assert list(found.scores) == sorted(found.scores, reverse=True)
        assert all(0 <= score <= 100 for score in found.scores)
        assert not (found.element and found.candidates)
        wanted = kinds_in(phrase)
        assert all(not wanted or e.kind in wanted or e in registry.exact(phrase) for e in _offered(found))
