"""Areas as people name them, and what holds there."""

import pytest

from knowledge.index.areas import areas_in, place_of
from knowledge.passage import Passage


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("limits in GB", {"Great Britain"}),
        ("for Northern Ireland", {"Ireland and Northern Ireland"}),
        ("tell us the limit", set()),
        ("UFLS in the US", {"United States"}),
        ("European Union, Continental Europe", {"European Union", "Continental Europe"}),
        ("every grid", set()),
    ],
)
def test_areas_are_read(text: str, areas: set[str]) -> None:
    """By any of their names; "us" is no country."""
    assert areas_in(text) == areas


@pytest.mark.parametrize(
    ("jurisdiction", "asked", "holds"),
    [
        ("European Union", "Germany", True),
        ("Continental Europe", "European Union", True),
        ("every grid", "Japan", True),
        ("", "Japan", True),
        ("North America", "Great Britain", False),
        ("Nordic", "Continental Europe", False),
    ],
)
def test_a_passage_holds_around_in_and_everywhere(jurisdiction: str, asked: str, holds: bool) -> None:
    """Areas lie within one another."""
    passage = Passage(id="p", document="D", clause="", title="T", text="A text.", jurisdiction=jurisdiction, verified="user")
    assert place_of(passage).holds_in(asked) is holds


def test_a_passage_that_speaks_of_an_area_may_be_told_for_it() -> None:
    """A European annex has a row for Great Britain."""
    passage = Passage(
        id="p", document="D", clause="", title="T", text="Great Britain has 0.90.", jurisdiction="Continental Europe", verified="user"
    )
    assert place_of(passage).holds_in("Great Britain")
