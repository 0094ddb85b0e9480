"""Frequency after the largest loss: nadir, rate and shedding of case39 as a system of 50 Hz, with limits put where they are needed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.dynamics.largest_loss import LargestLoss
from grid_models.dynamics.schemes import area_of
from grid_models.errors import PowerFlowDiverged
from grid_models.findings import ClauseResult
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from guardrails.change import Change, steps
from guardrails.checks import frequency
from guardrails.drift import drifted
from guardrails.gate import Gate
from guardrails.rule import Limits, Rule, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict
from knowledge.clauses import load_clauses

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
RULES = {r.id: r for r in PACK.rules if r.check.startswith("frequency_")}
CHECKS: dict[str, Callable[[Change, Rule], list[ClauseResult]]] = {
    "frequency-nadir": frequency.nadir,
    "frequency-rate": frequency.rate,
    "frequency-shedding": frequency.shedding,
}


def at_50_hz(grid: Grid) -> GridState:
    """The grid at its start, as a European one."""
    return GridState.at_start(replace(grid.model, frequency_hz=50.0))


def judged(change: Change, rule_id: str, limit: float | None = None, tolerance: float | None = None) -> ClauseResult:
    """The finding of a rule of the pack, with another limit and tolerance where given."""
    changes: dict[str, object] = {} if limit is None else {"limit": Limits(max=limit)}
    changes |= {} if tolerance is None else {"tolerance": Tolerance(value=tolerance)}
    return CHECKS[rule_id](change, RULES[rule_id].model_copy(update=changes))[0]


@pytest.fixture(scope="module")
def opening(case39: Grid) -> Change:
    """A large machine is taken off; the infeed takes over its power, so that more can be lost while less turns."""
    return steps(at_50_hz(case39), [Action(kind="open", element="Generator at Bus 38")])[0]


@pytest.fixture(scope="module")
def closing(opening: Change) -> Change:
    """It comes back."""
    return steps(
        opening.after.state,
        [Action(kind="close", element="Generator at Bus 38"), Action(kind="set_p", element="Generator at Bus 38", p_mw=830.0)],
    )[-1]


@pytest.mark.parametrize("rule_id", CHECKS)
@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "warn"), (1e-4, "pass")])
def test_on_both_sides_of_its_limit(opening: Change, rule_id: str, offset: float, outcome: str) -> None:
    """A value just beyond its limit is named with the source that is lost, one just inside passes."""
    value = judged(opening, rule_id).value
    assert value
    found = judged(opening, rule_id, value + offset)
    assert found.outcome == outcome
    assert found.element == "Infeed at Bus 31"
    assert found.margin == pytest.approx(offset, abs=1e-5)
    assert "Losing Infeed at Bus 31 (1523.3 MW) would" in found.explanation
    assert "assumed inertia" in found.explanation


@pytest.mark.parametrize("rule_id", CHECKS)
@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "warn"), (1e-4, "pass")])
def test_on_both_sides_of_its_tolerance(opening: Change, rule_id: str, offset: float, outcome: str) -> None:
    """Far beyond its limit, only how much worse it becomes decides."""
    shown = judged(opening, rule_id)
    assert shown.value is not None
    assert shown.before is not None
    assert judged(opening, rule_id, -1.0, shown.value - shown.before + offset).outcome == outcome


@pytest.mark.parametrize("rule_id", CHECKS)
def test_the_other_way_round_is_relief(closing: Change, rule_id: str) -> None:
    """The machine that comes back answers for nothing that was there before."""
    found = judged(closing, rule_id, 0.0)
    assert found.outcome == "pass"
    assert found.value is not None
    assert found.before is not None
    assert found.value < found.before
    assert "relieved" in found.explanation


def test_a_rule_that_may_block_does(opening: Change) -> None:
    """The pack's own rules only warn, because inertia and governors are assumed; a company's may be stricter."""
    strict = RULES["frequency-shedding"].model_copy(update={"severity": "block"})
    assert frequency.shedding(opening, strict)[0].outcome == "fail"


def test_the_rate_is_that_of_the_swing_equation(opening: Change) -> None:
    """Over a very short window f0·ΔP/(2E), with E of the machines that are left: 4 s of their rating, worked out here from the tables."""
    model, loss = opening.after.state.model, opening.after.largest_loss
    assert loss
    rated = {name: p for name, p in zip(model.generators.name, model.generators.p_max_mw, strict=True) if name != "Generator at Bus 38"}
    assert loss.rocof_hz_per_s(0.01) == pytest.approx(50.0 * loss.lost_mw / (2.0 * 4.0 * sum(rated.values())), rel=0.01)


def test_a_collapse_is_worse_than_any_limit() -> None:
    """Where nothing turns after the loss, all load is lost and the whole frequency within the window."""
    nothing = LargestLoss("T Infeed", 10.0, 50.0, 33.0, None)
    assert nothing.collapsed
    assert (nothing.nadir_hz, nothing.shed_mw, nothing.rocof_hz_per_s(0.5)) == (40.0, 33.0, 20.0)


@pytest.mark.parametrize("rule_id", CHECKS)
def test_a_part_of_a_larger_system_is_not_judged(default_grid: Grid, training: Grid, rule_id: str) -> None:
    """No machine of its own, or infeeds that count for more than a third: the area holds the frequency."""
    for grid in (default_grid, training):
        first = grid.model.generators.name[0]
        found = judged(steps(grid.state_at(), [Action(kind="open", element=first)])[0], rule_id)
        assert found.outcome == "not applicable"
        assert "larger system" in found.explanation


@pytest.mark.parametrize("rule_id", CHECKS)
def test_a_system_of_60_hz_has_other_limits(case39: Grid, rule_id: str) -> None:
    """A European rule says nothing of it."""
    found = judged(steps(case39.state_at(), [Action(kind="open", element="Generator at Bus 30")])[0], rule_id)
    assert found.outcome == "not applicable"
    assert "60 Hz" in found.explanation


def test_taking_the_last_machine_off_is_named() -> None:
    """Two machines of case9 taken off: what its infeed stands for is not known."""
    state = at_50_hz(load_grid("case9"))
    found = steps(state, [Action(kind="open", element=name) for name in state.model.generators.name])
    assert [judged(change, "frequency-nadir").outcome for change in found] == ["warn", "warn"]
    assert "last source" in judged(found[-1], "frequency-nadir").explanation


def test_a_grid_without_a_power_flow_is_not_judged(case39: Grid) -> None:
    """The gate makes of it that the rule cannot be checked."""
    change = steps(at_50_hz(case39), [Action(kind="open", element="Generator at Bus 39")])[0]
    with pytest.raises(PowerFlowDiverged):
        judged(change, "frequency-nadir")


def test_a_machine_that_is_cut_off_turns_for_nobody(case39: Grid) -> None:
    """Opening the transformer of a machine is worth as much as opening the machine."""
    state = at_50_hz(case39)
    transformer = next(e.name for e in state.model.registry.elements if e.name.startswith("Transformer") and "30" in e.name)
    by_transformer, by_machine = (
        steps(state, [Action(kind="open", element=name)])[0].after.largest_loss for name in (transformer, "Generator at Bus 30")
    )
    assert by_transformer
    assert by_machine
    assert by_transformer.nadir_hz == pytest.approx(by_machine.nadir_hz, abs=2e-3)


def test_a_machine_that_is_cut_off_cannot_be_lost_again(case39: Grid) -> None:
    """The largest machine is cut off by its transformer: what is lost next is what the infeed brings for it, which is less."""
    state = at_50_hz(case39)
    names, power = state.model.generators.name, state.generator_p_mw * 1.3
    power[names.index("Generator at Bus 39")] = 400.0  # then the others cover nearly all of the load
    state = state.with_arrays(generator_p_mw=power)
    transformer = next(e.name for e in state.model.registry.elements if e.name.startswith("Transformer") and "38" in e.name)
    change = steps(state, [Action(kind="open", element=transformer)])[0]
    before, after = change.before.largest_loss, change.after.largest_loss
    assert before
    assert after
    assert (before.element, after.element) == ("Generator at Bus 38", "Infeed at Bus 31")
    assert after.lost_mw < before.lost_mw


def test_the_gate_judges_the_end_of_a_list(case39: Grid) -> None:
    """Seconds of frequency matter where the list ends, not between its steps; what was shown stands in the verdict."""
    there_and_back = [Action(kind=kind, element="Generator at Bus 30") for kind in ("open", "close")]
    clauses = {c.rule: c for c in Gate(PACK).check(at_50_hz(case39), there_and_back, "test").clauses}
    assert set(RULES) <= set(clauses)
    assert clauses["frequency-nadir"].outcome != "warn"
    alone = {c.rule: c for c in Gate(PACK).check(at_50_hz(case39), there_and_back[:1], "test").clauses}
    assert alone["frequency-nadir"].outcome == "warn"


@pytest.fixture
def verdict_of(judged: Callable[..., Verdict]) -> Callable[..., Verdict]:
    """The common fixture, whose name is taken here."""
    return judged


@pytest.mark.parametrize("rule_id", CHECKS)
@pytest.mark.parametrize(("share", "moved_mw", "stale"), [(0.98, 0.0, False), (1.0, 400.0, True)])
def test_an_approval_outlives_a_quarter_of_an_hour(
    opening: Change, verdict_of: Callable[..., Verdict], rule_id: str, share: float, moved_mw: float, stale: bool
) -> None:
    """Two percent less load and generation when it was shown are no drift; a largest source that was smaller by 400 MW is."""
    state = opening.before.state
    power = state.generator_p_mw * share
    power[state.model.generators.name.index("Generator at Bus 35")] += moved_mw
    earlier = state.with_arrays(load_p_mw=state.load_p_mw * share, generator_p_mw=power)
    shown = judged(steps(earlier, list(opening.actions))[0], rule_id, tolerance=1e9)
    now = judged(opening, rule_id, tolerance=1e9)  # so that both pass and the values alone are compared
    assert shown.outcome == now.outcome == "pass"
    why = drifted(verdict_of(shown), verdict_of(now), PACK.tolerances)
    assert (why is not None) is stale


def test_limits_are_those_of_the_frequency_study() -> None:
    """Rule, passage and the file of areas cannot drift apart."""
    limits = {limit.name: limit for limit in area_of("continental europe").limits}
    assert RULES["frequency-nadir"].limit.max == limits["highest instantaneous deviation"].value
    hvdc = limits["HVDC systems stay connected"]
    assert (RULES["frequency-rate"].limit.max, RULES["frequency-rate"].parameters["window_s"]) == (hvdc.value, hvdc.window_s)
    passages = load_clauses()
    assert "at most 800 mHz" in passages["sogl-annex-iii"].text
    assert "up to 2.5 Hz/s" in passages["hvdc-12"].text


def test_a_frequency_needs_a_power_flow_only_once(opening: Change) -> None:
    """Three rules look at one course."""
    assert opening.after.largest_loss is opening.after.largest_loss
    assert solve(opening.after.state).infeed_p_mw[0] == pytest.approx(
        opening.after.largest_loss.lost_mw if opening.after.largest_loss else 0
    )
