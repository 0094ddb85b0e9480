"""The load of a line or a transformer follows from the grid: no order for it is an action, and a tap moves only where somebody says tap."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

SENTENCES = yaml.safe_load((Path(__file__).parent / "branch_loads.yaml").read_text(encoding="utf-8"))
FOLLOWS = "because it follows from the grid"


def _changes(talk: Any) -> list[dict[str, Any]]:
    return [dict(change) for call in talk.calls for change in call.args.get("changes", ())]


def _holds(wanted: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(found.get(k) == (pytest.approx(v) if isinstance(v, int | float) else v) for k, v in wanted.items())


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s["q"])
def test_orders_for_a_load_and_their_neighbours(converse: Callable[..., Any], sentence: dict[str, Any]) -> None:
    """Exactly these changes, or none and the right answer: 10 of the first 34 were right before the rule, 12 of 13 in a second batch."""
    talk = converse(sentence.get("grid", "hv"))
    text = talk.ask(sentence["q"]).text
    tools = sentence["tool"] if isinstance(sentence["tool"], list) else [sentence["tool"]]
    wanted = sentence.get("args", {}).get("changes", [])
    found = _changes(talk)
    assert (talk.last.tool if talk.calls else None) in tools
    assert len(found) == len(wanted)
    assert all(map(_holds, wanted, found))
    assert talk.told["status"] == sentence.get("status", talk.told["status"])
    assert (FOLLOWS in text) or not sentence.get("asked")


@pytest.mark.parametrize(("said", "position"), [("Lower trafo 3", -1), ("Raise trafo 3", 1)])
def test_a_step_given_afterwards_keeps_its_direction(converse: Callable[..., Any], said: str, position: int) -> None:
    """Asked what of the transformer is meant, 'its tap by one' goes the way of the first message."""
    talk = converse()
    assert "Its load follows from the grid" in talk.ask(said).text
    talk.ask("its tap by one")
    assert _changes(talk) == [{"kind": "set_tap", "element": "HV1 Trafo 3", "position": position}]


@pytest.mark.parametrize(("answer", "tool"), [("yes", "explain_loading"), ("no", None)])
def test_the_offer_to_show_what_relieves_it_can_be_taken(converse: Callable[..., Any], answer: str, tool: str | None) -> None:
    """'Yes' shows what would relieve the branch, 'no' ends it, and neither proposes anything."""
    talk = converse()
    talk.ask("Reduce the load of trafo 3")
    talk.ask(answer)
    assert (talk.last.tool if talk.calls else None) == tool
    assert talk.told["status"] == "answered"


@pytest.mark.parametrize("order", ["reduce it to 50 %", "relieve it", "bring its loading below 50 %"])
def test_an_order_for_what_was_spoken_of_before(converse: Callable[..., Any], order: str) -> None:
    """'It' is the transformer of the question before, and its load is still nothing to command."""
    talk = converse()
    talk.ask("how loaded is trafo 3?")
    assert FOLLOWS in talk.ask(order).text
    assert not talk.calls
