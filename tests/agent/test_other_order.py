"""A list that is blocked on its way: the person is told of an order that would pass, and the record of it is not touched."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agent.actions import ActionContext, ProposeArgs, propose
from grid_models.actions import Action
from grid_models.twin.profiles import Grid
from guardrails.database import open_database
from guardrails.gate import Gate
from guardrails.ledger import Ledger
from guardrails.people import Person, Role
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

OPEN_1, CLOSE_2 = Action(kind="open", element="T Line 1"), Action(kind="close", element="T Line 2")


@pytest.fixture
def ctx(training: Grid, tmp_path: Path) -> ActionContext:
    """The substation fed by one of its two lines."""
    gate = Gate(load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)))
    ledger = Ledger(open_database(f"sqlite:///{tmp_path / 'ledger.sqlite'}"), lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))
    return ActionContext(
        gate=lambda: gate,
        ledger=lambda: ledger,
        state=training.state_at().apply([Action(kind="open", element="T Line 2")]),
        source="standing",
        person=Person(name="local", role=Role.OPERATOR),
        conversation="c",
        expiry=timedelta(minutes=15),
        study_only=lambda: None,
    )


def test_the_order_that_passes_is_told_beside_the_refusal(ctx: ActionContext) -> None:
    """Opening the only feeding line first is refused; closing the other one first passes. The verdict is the gate's own."""
    found = propose(ProposeArgs(changes=(OPEN_1, CLOSE_2), reason="swap the lines"), ctx)
    assert found["status"] == "blocked"
    assert found["other_order"] == {"actions": [CLOSE_2.words(), OPEN_1.words()], "tried": 1, "all_tried": False}
    assert ctx.ledger().get(found["id"]).verdict.hash == ctx.gate().check(ctx.state, (OPEN_1, CLOSE_2), "", "standing").hash


def test_an_order_that_passes_and_a_single_action_are_told_nothing(ctx: ActionContext) -> None:
    """Nothing is there to say of an order."""
    for changes in ((CLOSE_2, OPEN_1), (OPEN_1,)):
        assert "other_order" not in propose(ProposeArgs(changes=changes, reason="swap the lines"), ctx)
