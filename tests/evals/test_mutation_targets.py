"""Promises of the whole gate that no single check can show; `make mutate` breaks them."""

from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.profiles import Grid
from guardrails.gate import Gate
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict


@pytest.fixture(scope="module")
def gate() -> Gate:
    """The shipped rules on a day on which all are in force."""
    return Gate(load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)))


def _verdict(gate: Gate, grid: Grid, **action: object) -> Verdict:
    return gate.check(grid.state_at(), [Action.model_validate(action)], "test")


def test_a_change_that_only_an_outage_makes_dangerous_is_blocked(gate: Gate, default_grid: Grid) -> None:
    """Two steps of this tap change nothing bad as long as nothing fails; after an outage a line is overloaded further."""
    verdict = _verdict(gate, default_grid, kind="set_tap", element="HV1 Trafo 3", position=2)
    assert verdict.blocked
    assert {c.rule for c in verdict.clauses if c.outcome is Outcome.FAIL} == {"n1-loading"}


def test_what_was_beyond_its_limit_before_does_not_block_a_remedy(gate: Gate, default_grid: Grid) -> None:
    """Curtailing wind lifts voltages after outages by less than the tolerance; they are told as existing."""
    verdict = _verdict(gate, default_grid, kind="set_p", element="HV1 Sgen 70", p_mw=5.0)
    assert not verdict.blocked
    assert any(c.existing for c in verdict.clauses)
