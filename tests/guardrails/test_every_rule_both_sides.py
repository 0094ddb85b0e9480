"""Every rule with a number is tried on both sides of its limit and of its tolerance: a new one without a case here fails."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.protection.settings import settings_of
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from guardrails.change import Change, steps
from guardrails.checks.table import CHECKS
from guardrails.circumstances import Circumstances
from guardrails.rule import Limits, Rule, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

RULES = {rule.id: rule for rule in load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)).rules}
HAIR = 1e-5  # findings are rounded to 1e-6

Start = Callable[[Path], GridState]  # given the folder where grids are cached


@dataclass(frozen=True)
class Case:
    """Actions on a grid whose last one moves what the rule measures.

    slack: the value belongs to the action alone, and the tolerance is added to the limit; otherwise it is how much worse it may become.
    """

    start: Start
    actions: tuple[Action, ...]
    slack: bool = False

    def change(self, cache: Path) -> Change:
        state = self.start(cache)
        usual = settings_of(state.model)
        everywhere = np.ones(len(state.model.branches), dtype=bool)
        given = replace(usual, branches=replace(usual.branches, pickup_given=everywhere, zone3_given=everywhere))
        return steps(state, self.actions, "because", Circumstances(protection=given))[-1]


def acts(*actions: dict[str, object]) -> tuple[Action, ...]:
    return tuple(Action.model_validate(action) for action in actions)


def grid(name: str) -> Start:
    return lambda cache: load_grid(name, cache).state_at()


def with_temporary(cache: Path) -> GridState:
    """case39 with a temporary rating of 1.2 times the permanent one everywhere."""
    model = load_grid("case39", cache).model
    rating = model.branches.rating_from_ka * 1.2
    return GridState.at_start(replace(model, branches=replace(model.branches, temporary_from_ka=rating, temporary_to_ka=rating)))


def two_infeeds(cache: Path) -> GridState:
    """case39 with a second infeed, so that it can fall into two energised parts."""
    model = load_grid("case39", cache).model
    second = next(i for i, name in enumerate(model.buses.name) if name == "Bus 30")
    infeeds = replace(
        model.infeeds, name=("One", "Two"), bus=model.infeeds.bus.repeat(2), angle_degree=model.infeeds.angle_degree.repeat(2)
    )
    infeeds.bus[1] = second
    start = replace(model.start, infeed_on=model.start.infeed_on.repeat(2), infeed_vm_pu=model.start.infeed_vm_pu.repeat(2))
    return GridState.at_start(replace(model, infeeds=infeeds, start=start))


CASE39, TRAINING, DEFAULT = grid("case39"), grid("training"), grid("1-HV-mixed--0-sw")
MORE_POWER = acts({"kind": "set_p", "element": "Generator at Bus 30", "p_mw": 700.0})
OPENING = acts({"kind": "open", "element": "Line 1-2 (1)"})
CLOSING = (*OPENING, *acts({"kind": "close", "element": "Line 1-2 (1)"}))
CUT_OFF = acts({"kind": "open", "element": "T Trafo 1"})
HIGHER = acts({"kind": "set_voltage", "element": "EHV Ext_grid 8", "vm_pu": 1.12})
LOWER = acts({"kind": "set_voltage", "element": "EHV Ext_grid 8", "vm_pu": 1.05})

MACHINE_UP = acts({"kind": "set_voltage", "element": "T Machine 1", "vm_pu": 1.06})
MACHINE_DOWN = acts({"kind": "set_voltage", "element": "T Machine 1", "vm_pu": 0.97})

CASES = {
    "branch-loading": Case(CASE39, MORE_POWER),
    "closing-angle": Case(CASE39, CLOSING, slack=True),
    "closing-voltage": Case(CASE39, CLOSING, slack=True),
    "islands": Case(two_infeeds, acts({"kind": "open", "element": "Transformer 2-30 (1)"})),
    "lost-generation": Case(TRAINING, CUT_OFF, slack=True),
    "lost-load": Case(TRAINING, CUT_OFF, slack=True),
    "manual-shedding": Case(TRAINING, CUT_OFF, slack=True),
    "n1-loading": Case(CASE39, OPENING),
    "n1-lost-load": Case(CASE39, OPENING),
    "n1-relay-pickup": Case(CASE39, OPENING),
    "ramp": Case(CASE39, MORE_POWER, slack=True),
    "relay-pickup": Case(CASE39, MORE_POWER),
    "relay-zone3": Case(CASE39, MORE_POWER),
    "shunt-steps": Case(TRAINING, acts({"kind": "set_shunt", "element": "T Shunt 1", "step": 2}), slack=True),
    "tap-steps": Case(TRAINING, acts({"kind": "set_tap", "element": "T Trafo 1", "position": -4}), slack=True),
    "temporary-loading": Case(with_temporary, MORE_POWER),
}  # fmt: skip

# Rules with a lower limit too: one case lifts what is measured, the other lowers it.
BANDS = {
    "grid-data-voltage": (Case(TRAINING, MACHINE_UP), Case(TRAINING, MACHINE_DOWN)),
    "voltage-110": (Case(DEFAULT, HIGHER), Case(DEFAULT, LOWER)),
    "voltage-300": (Case(CASE39, MORE_POWER), Case(CASE39, MORE_POWER)),
    "voltage-380": (Case(DEFAULT, HIGHER), Case(DEFAULT, LOWER)),
    "n1-voltage-110": (Case(DEFAULT, HIGHER), Case(DEFAULT, LOWER)),
    "n1-voltage-300": (Case(CASE39, MORE_POWER), Case(CASE39, MORE_POWER)),
    "n1-voltage-380": (Case(DEFAULT, HIGHER), Case(DEFAULT, LOWER)),
}  # fmt: skip

# What these measure needs more than actions and a limit; tests of their own try both sides of limit and tolerance.
BY_VALUE = {
    "actions-per-hour": ("test_checks_interlocks.py", "test_sixty_actions_an_hour_may_be_ordered"),
    "actions-per-proposal": ("test_checks_interlocks.py", "test_a_list_may_hold_twenty_actions"),
    "disconnector-unloaded": ("test_checks_disconnectors.py", "test_the_limit_decides_on_both_its_sides"),
    "frequency-nadir": ("test_checks_frequency.py", "test_on_both_sides_of_its_tolerance"),
    "frequency-rate": ("test_checks_frequency.py", "test_on_both_sides_of_its_tolerance"),
    "frequency-shedding": ("test_checks_frequency.py", "test_on_both_sides_of_its_tolerance"),
    "transformer-ageing": ("test_checks_heat.py", "test_on_both_sides_of_its_tolerance"),
    "transformer-hot-spot": ("test_checks_heat.py", "test_on_both_sides_of_its_tolerance"),
    "transformer-top-oil": ("test_checks_heat.py", "test_on_both_sides_of_its_tolerance"),
    "generator-range": ("test_checks_commands.py", "test_a_generator_is_scheduled_within_what_it_can_deliver"),
    "reactive-range": ("test_checks_single_commands.py", "test_reactive_power_passes_within_what_the_range_proves"),
}


def judged(change: Change, rule: Rule, limits: Limits, tolerance: float) -> ClauseResult:
    """The rule with other numbers, no outage being exceptional."""
    numbers = {"limit": limits, "tolerance": Tolerance(value=tolerance), "exceptional": (), "parameters": {}}
    return CHECKS[rule.check].run(change, rule.model_copy(update=numbers))[0]


def try_both_sides(change: Change, rule: Rule, limits_at: Callable[[float], Limits], sign: int, *, slack: bool) -> None:
    """sign: 1 where more is worse.  limits_at: limits of which the one that is tried lies at a number."""
    out = judged(change, rule, limits_at(-sign * 1e4), 1e-6)
    assert out.outcome is rule.violated, out.explanation
    assert out.value is not None

    def outcome(limit: float, tolerance: float) -> Outcome:
        return judged(change, rule, limits_at(limit), tolerance).outcome

    assert outcome(out.value - sign * HAIR, 1e-6) is rule.violated
    assert outcome(out.value + sign * HAIR, 1e-6) is Outcome.PASS
    worse = 0.5 if slack else sign * (out.value - (out.before or 0.0))
    limit = out.value - sign * (0.5 if slack else HAIR)
    assert outcome(limit, worse - HAIR) is rule.violated
    assert outcome(limit, worse + HAIR) is Outcome.PASS


def has_numbers(rule: Rule) -> bool:
    return rule.limit != Limits() or rule.tolerance != Tolerance()


def test_every_rule_with_a_number_has_a_case() -> None:
    """A rule that is added to the pack is added here, and a case whose rule is gone is taken out."""
    tried: Sequence[str] = [*CASES, *BANDS, *BY_VALUE]
    assert sorted(tried) == sorted(rule.id for rule in RULES.values() if has_numbers(rule))


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_ceiling_on_both_sides(grid_cache: Path, rule_id: str) -> None:
    """A hair below the value the rule is violated, a hair above it passes; the same for the tolerance."""
    case = CASES[rule_id]
    try_both_sides(case.change(grid_cache), RULES[rule_id], lambda at: Limits(max=at), 1, slack=case.slack)


@pytest.mark.parametrize("rule_id", sorted(BANDS))
def test_a_band_on_both_sides_of_both_ends(grid_cache: Path, rule_id: str) -> None:
    """The upper end judges what rises, the lower one what falls."""
    lifted, lowered = BANDS[rule_id]
    try_both_sides(lifted.change(grid_cache), RULES[rule_id], lambda at: Limits(min=-1e6, max=at), 1, slack=False)
    try_both_sides(lowered.change(grid_cache), RULES[rule_id], lambda at: Limits(min=at, max=1e6), -1, slack=False)


@pytest.mark.parametrize(("file", "name"), sorted(set(BY_VALUE.values())))
def test_the_tests_named_instead_exist(file: str, name: str) -> None:
    """A name that is gone would leave its rule untried."""
    tree = ast.parse((Path(__file__).parent / file).read_text())
    assert any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)
