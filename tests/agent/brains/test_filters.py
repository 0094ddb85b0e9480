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
    "question",
    [
        "How many loads are above 5 MW?",
        "Which generators are above 20 MW?",
        "List loads below 3 MW",
        "Which lines are between 40 and 60 %?",
        "How many lines are above 40 % and below 60 %?",
        "How many loads are between 2 and 5 MW?",
        "How many generators are above 80 %?",
        "Which lines are between 40 and 60?",
        "How many loads are above 5?",
    ],
)
def test_what_cannot_be_filtered_is_refused(converse: Start, question: str) -> None:
    """No unfiltered count or list."""
    talk = converse()
    talk.ask(question)
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
