"""Splitting the grid: told with the smallest part, and decided by two people."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.change import steps
from guardrails.checks import islands
from guardrails.gate import Gate
from guardrails.rule import Limits, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
RULE = next(r for r in PACK.rules if r.id == "islands")
SPLIT, BACK = Action(kind="open", element="T Trafo 1"), Action(kind="close", element="T Trafo 1")


@pytest.fixture
def two_supplies(training: Grid) -> GridState:
    """The training grid with a second infeed on its 20-kV busbar."""
    model = training.model
    second = model.buses.name.index("A MV Busbar")
    infeeds = replace(model.infeeds, name=("T Infeed", "T Second"), bus=np.array([model.infeeds.bus[0], second]), angle_degree=np.zeros(2))
    start = replace(model.start, infeed_on=np.ones(2, dtype=bool), infeed_vm_pu=np.ones(2))
    return GridState.at_start(replace(model, infeeds=infeeds, start=start))


def judged(state: GridState, *actions: Action) -> ClauseResult:
    return islands.check(steps(state, actions)[-1], RULE)[0]


def test_a_split_warns_and_needs_two_people(two_supplies: GridState) -> None:
    """Both parts keep their supply: no load is lost, yet the grid is two; the smaller one is named with its power."""
    found = judged(two_supplies, SPLIT)
    assert (found.outcome, found.value, found.before, found.critical) == (Outcome.WARN, 2.0, 1.0, True)
    assert "fed by T Second" in found.explanation
    assert "33.0 MW of load" in found.explanation
    verdict = Gate(PACK).check(two_supplies, [SPLIT], "test")
    assert next(c for c in verdict.clauses if c.rule == "islands").outcome is Outcome.WARN


@pytest.mark.parametrize(("limit", "tolerance", "outcome"), [(1, 0, "warn"), (2, 0, "pass"), (1, 0.99, "warn"), (1, 1, "pass")])
def test_both_sides_of_limit_and_tolerance(two_supplies: GridState, limit: float, tolerance: float, outcome: str) -> None:
    """Two parts where there was one."""
    rule = RULE.model_copy(update={"limit": Limits(max=limit), "tolerance": Tolerance(value=tolerance)})
    assert islands.check(steps(two_supplies, [SPLIT])[0], rule)[0].outcome == outcome


def test_a_grid_that_was_split_before_is_no_fault(two_supplies: GridState) -> None:
    """Another action on a split grid passes, and so does joining the parts."""
    split = two_supplies.apply([SPLIT])
    assert judged(split, Action(kind="open", element="T Line 1")).outcome is Outcome.PASS
    assert judged(split, BACK).value == 1.0


def test_a_part_without_supply_is_another_rule_s_matter(training: Grid) -> None:
    """What loses its voltage is lost load, not an island."""
    found = judged(training.state_at(), SPLIT)
    assert (found.outcome, found.value) == (Outcome.PASS, 1.0)


def test_an_infeed_alone_is_no_part_of_the_grid(default_grid: Grid) -> None:
    """Taking an infeed off leaves one grid."""
    state = default_grid.state_at()
    assert judged(state, Action(kind="open", element=state.model.infeeds.name[0])).value == 1.0
