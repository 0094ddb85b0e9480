"""Areas and voltage levels: what lies inside a scope, on both sides of its limits, and what is not known lies outside."""

import pytest
from pydantic import ValidationError

from guardrails.scope import EVERYWHERE, Scope, Touched, outside

LINE = Touched(element="Line 1", nominal_kv=(110.0,), areas=("North",))
TRANSFORMER = Touched(element="Trafo 1", nominal_kv=(380.0, 110.0), areas=("Border", "North"))
NOWHERE = Touched(element="Line 2")


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(), True),
        (Scope(min_kv=110), True),
        (Scope(min_kv=110.1), False),
        (Scope(max_kv=110), True),
        (Scope(max_kv=109.9), False),
        (Scope(areas=("North",)), True),
        (Scope(areas=("South", " north ")), True),
        (Scope(areas=("South",)), False),
        (Scope(areas=("North",), min_kv=100, max_kv=120), True),
        (Scope(areas=("North",), min_kv=200), False),
        (Scope(areas=("South",), min_kv=100), False),
    ],
)
def test_area_and_voltage_must_both_hold(scope: Scope, holds: bool) -> None:
    """A limit belongs to the range; names are compared without their case."""
    assert scope.holds(LINE) is holds
    assert (outside(scope, [LINE]) is None) is holds


@pytest.mark.parametrize("scope", [Scope(max_kv=110), Scope(min_kv=200), Scope(areas=("North",)), Scope(areas=("Border",))])
def test_every_end_of_an_element_must_lie_inside(scope: Scope) -> None:
    """A transformer belongs to nobody who may act at one of its sides only, a tie to nobody of one of its areas only."""
    assert not scope.holds(TRANSFORMER)
    assert Scope(areas=("Border", "North"), min_kv=110, max_kv=380).holds(TRANSFORMER)


@pytest.mark.parametrize("scope", [Scope(areas=("North",)), Scope(min_kv=1), Scope(max_kv=1000)])
def test_what_is_not_known_lies_outside(scope: Scope) -> None:
    """No place at all, no area, no voltage, and no list of elements: all fail closed for a scoped person, none for the others."""
    for unknown in (NOWHERE, Touched(element="x", nominal_kv=(None,), areas=("",))):
        assert not scope.holds(unknown)
        assert EVERYWHERE.holds(unknown)
    assert outside(scope, ()) is not None
    assert outside(EVERYWHERE, ()) is None


def test_a_limit_that_is_not_set_asks_for_nothing() -> None:
    """Who is limited by area alone needs no known voltage, and the other way round."""
    assert Scope(areas=("North",)).holds(Touched(element="x", nominal_kv=(None,), areas=("North",)))
    assert Scope(max_kv=110).holds(Touched(element="x", nominal_kv=(110.0,), areas=("",)))


def test_the_first_element_outside_is_named_with_its_place() -> None:
    """The person learns which element it is."""
    assert outside(Scope(max_kv=110), [LINE, TRANSFORMER, NOWHERE]) == "Trafo 1 (380 kV and 110 kV, area Border and area North)"
    assert outside(Scope(max_kv=110), [LINE, NOWHERE]) == "Line 2 (unknown voltage, unknown area)"


@pytest.mark.parametrize("limits", [{"min_kv": 200, "max_kv": 100}, {"min_kv": -1}, {"max_kv": float("inf")}, {"min_kv": float("nan")}])
def test_a_range_without_a_voltage_is_refused(limits: dict[str, float]) -> None:
    """It would silently forbid everything, or nothing."""
    with pytest.raises(ValidationError):
        Scope.model_validate(limits)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), "everywhere"),
        (Scope(areas=("A", "B")), "in area A or B"),
        (Scope(min_kv=100, max_kv=120), "at 100 kV to 120 kV"),
        (Scope(areas=("A",), min_kv=220), "in area A at 220 kV and above"),
        (Scope(max_kv=110), "at up to 110 kV"),
    ],
)
def test_a_scope_in_words(scope: Scope, words: str) -> None:
    assert scope.words() == words
