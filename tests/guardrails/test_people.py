"""People: names that are told apart, roles that are recorded."""

import pytest

from guardrails import audit, people
from guardrails.errors import InvalidPerson
from guardrails.people import LOCAL, Role


def test_people_are_found_under_any_case(room) -> None:
    """A name is a person whatever its case."""
    assert people.get(room.engine, " OLGA") == room.person("olga")
    assert people.get(room.engine, "nobody") is None
    assert people.get(room.engine, "Local") == LOCAL


def test_everyone_is_listed_by_name(room) -> None:
    """`local` is no recorded person."""
    assert [p.name for p in people.everyone(room.engine)] == ["ada", "olga", "sam", "sue", "vera"]


@pytest.mark.parametrize("name", ["Sam", "", "  ", "local", "LOCAL", "Clock", "plant owner", "a\nb"])
def test_a_name_is_never_reused(room, name: str) -> None:
    """Taken, empty, reserved and unprintable names are refused, and nothing is recorded."""
    with pytest.raises(InvalidPerson):
        people.add(room.engine, name, Role.SUPERVISOR, by="ada", now=room.clock())
    assert len(people.everyone(room.engine)) == 5


def test_a_new_person_is_in_the_audit(room) -> None:
    """With the role, and with who added them."""
    people.add(room.engine, "Ben", Role.OPERATOR, by="ada", now=room.clock())
    last = list(audit.export(room.engine))[-1]
    assert (last.event, last.person, last.details) == ("person added", "ada", {"name": "Ben", "role": "operator"})
