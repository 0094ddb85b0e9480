"""Transformers over the next hours: hot-spot, top oil and ageing on the default grid, with limits put where they are needed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.assets.book import AssetBook
from grid_models.assets.demo import demo_records
from grid_models.findings import ClauseResult
from grid_models.heating.iec_parameters import Size
from grid_models.heating.loading_limits import Regime, limits_of
from grid_models.life.assumptions import Assumptions, case_of
from grid_models.life.next_hours import next_hours
from grid_models.life.outlook import outlook_of
from grid_models.life.units import units_of
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.weather.ambient import Ambient
from grid_models.weather.climatology import climatology_of
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import InvalidAmbient
from guardrails.change import Change, steps
from guardrails.checks import heat
from guardrails.circumstances import Circumstances
from guardrails.drift import drifted
from guardrails.gate import Gate
from guardrails.rule import Limits, Rule, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict
from knowledge.clauses import load_clauses

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
RULES = {r.id: r for r in PACK.rules if r.check.startswith("transformer_")}
CHECKS: dict[str, Callable[[Change, Rule], list[ClauseResult]]] = {
    "transformer-hot-spot": heat.hot_spot,
    "transformer-top-oil": heat.top_oil,
    "transformer-ageing": heat.ageing,
}
OPEN = Action(kind="open", element="HV1 Trafo 4")
TWIN = "HV1 Trafo 3"  # carries what Trafo 4 carried


@dataclass(frozen=True)
class Unreadable:
    """A weather that cannot be read."""

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        raise InvalidAmbient("The file of temperatures cannot be read.")


def around(grid: Grid, **changes: object) -> Circumstances:
    """What the control room of a grid knows, with its demo records and its climate."""
    name = grid.model.name
    known = Circumstances(grid=grid, assets=AssetBook.of(grid.model, demo_records(name)), weather=climatology_of(name))
    return replace(known, **changes)


def judged(change: Change, rule_id: str, limit: float | None = None, tolerance: float | None = None) -> ClauseResult:
    """The finding of a rule of the pack, with another limit and tolerance where given."""
    changes: dict[str, object] = {} if limit is None else {"limit": Limits(max=limit)}
    changes |= {} if tolerance is None else {"tolerance": Tolerance(value=tolerance)}
    return CHECKS[rule_id](change, RULES[rule_id].model_copy(update=changes))[0]


@pytest.fixture(scope="module")
def opening(default_grid: Grid) -> Change:
    """One of two transformers side by side is opened."""
    return steps(default_grid.state_at(), [OPEN], around=around(default_grid))[0]


@pytest.fixture(scope="module")
def closing(default_grid: Grid, opening: Change) -> Change:
    """It is closed again, from a grid in which it was open."""
    return steps(opening.after.state, [Action(kind="close", element=OPEN.element)], around=around(default_grid))[0]


@pytest.fixture
def verdict_of(judged: Callable[..., Verdict]) -> Callable[..., Verdict]:
    """The common fixture, whose name is taken here."""
    return judged


@pytest.mark.parametrize("rule_id", CHECKS)
@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "warn"), (1e-4, "pass")])
def test_on_both_sides_of_its_limit(opening: Change, rule_id: str, offset: float, outcome: str) -> None:
    """The twin that takes over the load decides; the sentence says over how many hours."""
    value = judged(opening, rule_id).value
    assert value
    found = judged(opening, rule_id, value + offset)
    assert found.outcome == outcome
    assert found.element == TWIN
    assert found.margin == pytest.approx(offset, abs=1e-5)
    assert "within 6 h" in found.explanation


@pytest.mark.parametrize("rule_id", CHECKS)
@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "warn"), (1e-4, "pass")])
def test_on_both_sides_of_its_tolerance(opening: Change, rule_id: str, offset: float, outcome: str) -> None:
    """Far beyond its limit, only how much worse it becomes decides."""
    shown = judged(opening, rule_id)
    assert shown.value is not None
    assert shown.before is not None
    assert judged(opening, rule_id, -1.0, shown.value - shown.before + offset).outcome == outcome


@pytest.mark.parametrize("rule_id", CHECKS)
def test_the_other_way_round_is_relief(opening: Change, closing: Change, rule_id: str) -> None:
    """The transformer that comes back relieves its twin; that it warms up itself, from idle, is far inside the limit."""
    shown = judged(opening, rule_id)
    assert shown.value
    found = judged(closing, rule_id, 0.9 * shown.value)
    assert found.outcome == "pass"
    assert "1 is relieved" in found.explanation


def test_only_the_transformers_that_carry_more_get_warmer(opening: Change, default_grid: Grid) -> None:
    """The opened one cools down, its twin heats up, those of other places move by a few kelvin."""
    known = opening.around
    cases = [case_of(unit, known.assets) for unit in units_of(default_grid.model)]
    assume = Assumptions(default_grid, opening.before.state, opening.after.state, known.assets, known.weather, known.weather, 6.0)
    found = next_hours(assume, cases)
    moved = dict(zip((c.unit.name for c in found.cases), found.after.hot_spot_celsius - found.before.hot_spot_celsius, strict=True))
    assert moved[TWIN] > 25.0
    assert moved["HV1 Trafo 4"] <= 0.0
    assert max(abs(moved[f"HV1 Trafo {n}"]) for n in (1, 2, 5, 6)) < 6.0


def test_the_study_finds_the_same(opening: Change, default_grid: Grid) -> None:
    """The outlook that a person asks for, with its forecast of a week: the same temperatures within half a kelvin."""
    known, states = opening.around, (opening.before.state, opening.after.state)
    cases = [case_of(unit, known.assets) for unit in units_of(default_grid.model)]
    assume = Assumptions(default_grid, *states, known.assets, known.weather, known.weather, 6.0)
    look, found = outlook_of(assume, cases), next_hours(assume, cases)
    expected = look.temperatures(look.loads(look.ahead.expected))
    assert found.after.hot_spot_celsius == pytest.approx(expected.hot_spot_celsius.max(axis=1), abs=0.5)
    assert found.after.top_oil_celsius == pytest.approx(expected.top_oil_celsius.max(axis=1), abs=0.5)


def test_a_load_that_is_held_ends_where_the_standard_says(case39: Grid) -> None:
    """IEC 60076-7 in the steady state, worked out here from the record's constants; no record, no forecast, 25 °C for ever."""
    known = Circumstances(grid=case39, weather=ConstantAmbient(25.0), assets=AssetBook())
    change = steps(case39.state_at(), [Action(kind="set_p", element="Generator at Bus 30", p_mw=251.0)], around=known)[0]
    found = judged(change, "transformer-hot-spot")
    case = next(c for c in (case_of(u, AssetBook()) for u in units_of(case39.model)) if c.unit.name == found.element)
    loading = change.before.solution.loading_percent[case.unit.branches[0]] / 100.0
    p = case.thermal.parameters
    rise = p.top_oil_rise_k * ((1 + p.loss_ratio * loading**2) / (1 + p.loss_ratio)) ** p.oil_exponent
    assert found.before == pytest.approx(25.0 + rise + p.hot_spot_gradient_k * loading**p.winding_exponent, abs=0.3)
    assert "present load held" in found.explanation
    assert "without an asset record" in found.explanation


def test_before_the_first_day_the_present_load_is_held(default_grid: Grid) -> None:
    """Nothing is known before the first step of the profiles."""
    change = steps(default_grid.state_at(0), [OPEN], around=around(default_grid))[0]
    assert "present load held" in judged(change, "transformer-hot-spot").explanation


def test_warmer_weather_and_what_a_record_says_count(opening: Change, default_grid: Grid) -> None:
    """The same change, under 20 K more and with a transformer that lost its fans."""
    shown = judged(opening, "transformer-hot-spot")
    records = [replace(r, cooling_lost=True) if r.element == TWIN else r for r in opening.around.assets.records]
    tired = around(default_grid, assets=AssetBook.of(default_grid.model, records))
    hot = around(default_grid, weather=ConstantAmbient(40.0))
    for known in (tired, hot):
        assert judged(replace(opening, around=known), "transformer-hot-spot").value > shown.value + 5.0


@pytest.mark.parametrize("rule_id", CHECKS)
def test_without_weather_or_ratings_nothing_is_said(opening: Change, case14_change: Change, rule_id: str) -> None:
    """Not applicable: the study does not exist there."""
    assert "ambient temperature" in judged(replace(opening, around=Circumstances()), rule_id).explanation
    assert "has a rating" in judged(case14_change, rule_id).explanation


@pytest.fixture
def case14_change(model: GridModel) -> Change:
    """On a grid whose ratings are placeholders."""
    known = Circumstances(weather=ConstantAmbient(20.0))
    return steps(GridState.at_start(model), [Action(kind="open", element="Line 6-12 (1)")], around=known)[0]


def test_a_weather_that_cannot_be_read_blocks(default_grid: Grid) -> None:
    """A file was named for this grid, and no temperature stands in it: not checkable, which no write passes."""
    gate = Gate(PACK, around=lambda state: around(default_grid, weather=Unreadable()))
    found = gate.check(default_grid.state_at(), [Action(kind="open", element="HV1 Line 14")], "test")
    assert found.blocked
    assert {c.rule for c in found.clauses if c.outcome == "not checkable"} == set(CHECKS)
    assert "cannot be read" in " ".join(found.reasons)


def test_of_many_transformers_those_that_carry_more_are_looked_at(
    opening: Change, default_grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the most loaded ones; the gate does not wait for hundreds."""
    monkeypatch.setattr(heat, "LOOKED_AT", 1)
    found = judged(replace(opening, around=around(default_grid)), "transformer-hot-spot")
    assert found.element == TWIN
    assert found.value == judged(opening, "transformer-hot-spot").value


@pytest.mark.parametrize(("steps_later", "celsius", "stale"), [(1, 0.0, False), (0, 8.0, True)])
def test_an_approval_outlives_a_quarter_of_an_hour(
    default_grid: Grid, verdict_of: Callable[..., Verdict], steps_later: int, celsius: float, stale: bool
) -> None:
    """What load and weather do in one step is no drift (2 K at most over the year); eight kelvin more around the transformers are."""
    found = []
    for later, more in ((0, 0.0), (steps_later, celsius)):
        known = around(default_grid, weather=ConstantAmbient(20.0 + more))
        change = steps(default_grid.state_at(21547 + later), [OPEN], around=known)[0]
        found.append(verdict_of(*(judged(change, rule_id) for rule_id in ("transformer-hot-spot", "transformer-top-oil"))))
    assert (drifted(*found, PACK.tolerances) is not None) is stale


def test_limits_are_those_of_normal_cyclic_loading() -> None:
    """Rule, passage and the table of the thermal study cannot drift apart, for transformers of every size."""
    text = load_clauses()["iec-60076-7-limits"].text
    for size in Size:
        normal = next(limits for limits in limits_of(size) if limits.regime is Regime.NORMAL_CYCLIC)
        assert RULES["transformer-hot-spot"].limit.max == normal.hot_spot_celsius
        assert RULES["transformer-top-oil"].limit.max == normal.top_oil_celsius
        assert f"{normal.hot_spot_celsius:g} °C and its top oil at or below {normal.top_oil_celsius:g} °C" in text
    assert RULES["transformer-ageing"].limit.max == RULES["transformer-ageing"].parameters["hours"]


def test_a_verdict_with_every_study_takes_less_than_half_a_second(default_grid: Grid) -> None:
    """CPU time of a switching on the default grid, N-1 before and after included, once everything is compiled."""
    gate = Gate(PACK, around=lambda state: around(default_grid))
    actions = [Action(kind="open", element="HV1 Line 14")]
    gate.check(default_grid.state_at(), actions, "compiles")
    state = default_grid.state_at(20000)
    began = time.process_time()
    found = gate.check(state, actions, "measured")
    assert time.process_time() - began < 0.5
    assert np.all([c.outcome != "not checkable" for c in found.clauses])
