"""Voltage and loading of the undisturbed grid, on states of case39 with limits put where they are needed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.source import load_grid
from guardrails.change import Change, steps
from guardrails.checks import branch_loading, voltage
from guardrails.checks.bands import band_of
from guardrails.rule import Limits, Rule, Tolerance, VoltageRange
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))


def rule(rule_id: str, tolerance: float, **limits: float) -> Rule:
    """A rule of the pack with another limit and tolerance."""
    found = next(r for r in PACK.rules if r.id == rule_id)
    return found.model_copy(update={"limit": Limits(**limits), "tolerance": Tolerance(value=tolerance)})


@pytest.fixture(scope="module")
def change() -> Change:
    """More power from one machine: some branches carry more, some nodes rise and some fall."""
    state = load_grid("case39").state_at()
    return steps(state, [Action(kind="set_p", element="Generator at Bus 30", p_mw=700.0)])[0]


@pytest.fixture(scope="module")
def moved(change: Change) -> Callable[[str], tuple[np.ndarray, np.ndarray]]:
    """A quantity before and after."""
    before, after = change.before.solution, change.after.solution
    assert before
    assert after
    return lambda quantity: (getattr(before, quantity), getattr(after, quantity))


@pytest.mark.parametrize(("offset", "outcome"), [(-0.01, "fail"), (0.01, "pass")])
def test_loading_on_both_sides_of_its_limit(change: Change, moved, offset: float, outcome: str) -> None:
    """A branch just above its limit fails by name, one just below passes."""
    before, after = moved("loading_percent")
    worse = np.where(after - before > 1.0, after, -np.inf)
    found = branch_loading.check(change, rule("branch-loading", 1.0, max=float(worse.max()) + offset))[0]
    assert found.outcome == outcome
    if outcome == "fail":
        assert found.element == change.after.state.model.branches.name[int(worse.argmax())]
        assert found.margin == pytest.approx(offset, abs=1e-5)
        assert f"limit {found.limit:g} %" in found.explanation


@pytest.mark.parametrize(("offset", "outcome"), [(-0.01, "fail"), (0.01, "pass")])
def test_loading_on_both_sides_of_its_tolerance(change: Change, moved, offset: float, outcome: str) -> None:
    """With every branch beyond its limit, only how much worse it becomes decides."""
    before, after = moved("loading_percent")
    tolerance = float((after - before).max()) + offset
    assert branch_loading.check(change, rule("branch-loading", tolerance, max=0.0))[0].outcome == outcome


@pytest.mark.parametrize(("sign", "offset", "outcome"), [(1, -1e-4, "fail"), (1, 1e-4, "pass"), (-1, -1e-4, "fail"), (-1, 1e-4, "pass")])
def test_voltage_on_both_sides_of_both_limits(change: Change, moved, sign: int, offset: float, outcome: str) -> None:
    """The upper limit judges what rises, the lower one what falls."""
    before, after = moved("vm_pu")
    worse = np.where(sign * (after - before) > 1e-4, sign * after, -np.inf)
    edge = sign * (float(worse.max()) + offset)
    limits = {"min": 0.1, "max": edge} if sign > 0 else {"min": edge, "max": 9.0}
    found = voltage.check(change, rule("voltage-300", 1e-4, **limits))[0]
    assert found.outcome == outcome
    if outcome == "fail":
        assert found.limit == pytest.approx(edge, abs=1e-6)
        assert found.margin == pytest.approx(offset, abs=1e-6)


@pytest.mark.parametrize(("offset", "outcome"), [(-1e-5, "fail"), (1e-5, "pass")])
def test_voltage_on_both_sides_of_its_tolerance(change: Change, moved, offset: float, outcome: str) -> None:
    """With every node beyond the upper limit, only the rise decides."""
    before, after = moved("vm_pu")
    tolerance = float((after - before).max()) + offset
    assert voltage.check(change, rule("voltage-300", tolerance, min=0.1, max=0.2))[0].outcome == outcome


def test_a_node_is_judged_on_the_base_of_its_rule(change: Change) -> None:
    """On a base of 400 kV a 345-kV node at 1.0 pu counts as 0.8625 pu; the limits follow."""
    based = rule("voltage-300", 0.002, min=0.9, max=1.05).model_copy(update={"base_kv": 400.0})
    band = band_of(change.after.state.model.buses, based)
    nominal = np.ones(len(change.after.state.model.buses))
    assert band.beyond(nominal)[0] == pytest.approx(345 / 400 - 1.05)
    assert voltage.check(change, based)[0].value == pytest.approx(
        min(change.after.solution.vm_pu) * 345 / 400, abs=0.1  # type: ignore[union-attr]
    )  # fmt: skip


def test_a_level_without_nodes_is_not_applicable(change: Change) -> None:
    """case39 has no 110-kV node: nothing is judged, and it does not say pass."""
    assert voltage.check(change, rule("voltage-110", 0.002, min=0.9, max=1.118))[0].outcome is Outcome.NOT_APPLICABLE


def test_without_a_code_the_planning_band_of_the_grid_holds() -> None:
    """The 20-kV busbar of the training grid is judged by its own band; a narrower band fails."""
    state = load_grid("training").state_at()
    change = steps(state, [Action(kind="set_voltage", element="T Machine 1", vm_pu=1.05)])[0]
    own = next(r for r in PACK.rules if r.id == "grid-data-voltage")
    found = voltage.check(change, own)[0]
    assert (found.outcome, found.element, found.limit) == (Outcome.PASS, "A MV Busbar", 1.1)
    narrow = own.model_copy(update={"limit": Limits(min=0.9, max=1.03), "voltage_range_kv": VoltageRange(from_kv=0, below=110)})
    assert voltage.check(change, narrow)[0].outcome is Outcome.FAIL


def test_a_rule_for_areas_is_about_their_nodes_alone(change: Change) -> None:
    """Of two areas a rule for one judges that one's nodes; a name no node has leaves nothing to judge."""
    buses = replace(
        change.after.state.model.buses, area=tuple("North" if i < 10 else "South" for i in range(len(change.after.state.model.buses)))
    )
    everywhere = next(r for r in PACK.rules if r.id == "voltage-300").model_copy(update={"areas": ()})
    north = band_of(buses, everywhere.model_copy(update={"areas": ("North",)}))
    assert set(north.nodes.tolist()) == {n for n in band_of(buses, everywhere).nodes.tolist() if n < 10}
    assert len(band_of(buses, everywhere.model_copy(update={"areas": ("West",)})).nodes) == 0
