"""A bound in a question about many elements is honoured or refused, never ignored."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("question", "op", "value"),
    [
        ("How many lines are above 50 %?", ">", 50.0),
        ("How many transformers are below 40 %?", "<", 40.0),
        ("Which lines are below 10 %?", "<", 10.0),
    ],
)
def test_a_loading_bound_is_honoured(converse: Start, question: str, op: str, value: float) -> None:
    """Counting with a bound is answered by the loadings."""
    talk = converse()
    talk.ask(question)
    assert talk.told["frame"]["intent"] == "loadings"
    assert talk.told["frame"]["threshold"] == {"field": "loading_percent", "op": op, "value": value}


@pytest.mark.parametrize(
    ("question", "kind", "bounds"),
    [
        ("How many loads are above 5 MW?", "load", [("p_mw", ">", 5.0)]),
        ("Which generators are above 20 MW?", "generator", [("p_mw", ">", 20.0)]),
        ("List loads below 3 MW", "load", [("p_mw", "<", 3.0)]),
        ("Which lines are between 40 and 60 %?", "line", [("loading_percent", ">", 40.0), ("loading_percent", "<", 60.0)]),
        ("How many lines are above 40 % and below 60 %?", "line", [("loading_percent", ">", 40.0), ("loading_percent", "<", 60.0)]),
        ("transformers rated over 300 MVA", "transformer", [("rating_mva", ">", 300.0)]),
        ("parks with more than 30 MW available", "generator", [("available_mw", ">", 30.0)]),
    ],
)
def test_a_bound_on_a_column_is_counted_in_the_whole_table(
    converse: Start, question: str, kind: str, bounds: list[tuple[str, str, float]]
) -> None:
    """Exactly the elements beyond the bounds are told, whatever the table lists first."""
    talk = converse()
    talk.ask(question)
    args = talk.last.args
    assert (args["kind"], args["sort_by"], args["top"]) == (kind, bounds[0][0], 1000)
    assert [(b["field"], b["op"], b["value"]) for b in talk.told["frame"]["bounds"]] == bounds
    beyond = {r["element"] for r in talk.last.result["rows"] if all(_beyond(abs(r[field]), op, value) for field, op, value in bounds)}
    assert set(talk.told.get("listed", ())) == beyond


def _beyond(value: float, op: str, bound: float) -> bool:
    return value > bound if op == ">" else value < bound


def test_what_no_column_has_is_refused(converse: Start) -> None:
    """No unfiltered count or list."""
    talk = converse()
    talk.ask("How many generators are above 80 %?")
    assert (talk.told["status"], talk.calls) == ("refused", [])


@pytest.mark.parametrize("question", ["How many lines are there?", "List the buses at 110 kV and above"])
def test_a_question_without_such_a_bound_is_answered(converse: Start, question: str) -> None:
    """A voltage level is a filter that the tables have."""
    talk = converse()
    talk.ask(question)
    assert talk.last.tool == "grid_data"


def test_the_least_headroom_is_the_highest_loading(converse: Callable[..., Any]) -> None:
    """Room and load are opposite ends of one scale."""
    talk = converse()
    talk.ask("Which three circuits have the least headroom?")
    assert talk.told["frame"].get("order", "highest") == "highest"
    talk.ask("Which lines have the most headroom?")
    assert talk.told["frame"]["order"] == "lowest"
