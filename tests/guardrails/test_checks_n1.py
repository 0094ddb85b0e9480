"""After a single outage: the same outage without and with the change, on case39 and the training grid."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from guardrails.change import Change, Situation, steps
from guardrails.checks import branch_loading, n1_loading, n1_lost_load, n1_solution, n1_voltage, ratings_usable
from guardrails.checks.outages import outages_of
from guardrails.rule import Limits, Rule, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
OPENED = "Line 1-2 (1)"


def rule(rule_id: str, tolerance: float | None = None, **limits: float) -> Rule:
    """A rule of the pack, with another limit and tolerance where given."""
    found = next(r for r in PACK.rules if r.id == rule_id)
    changes = {"limit": Limits(**limits)} if limits else {}
    return found.model_copy(update=changes | ({} if tolerance is None else {"tolerance": Tolerance(value=tolerance)}))


@pytest.fixture(scope="module")
def opening(case39: Grid) -> Change:
    """A branch of case39 is opened."""
    return steps(case39.state_at(), [Action(kind="open", element=OPENED)])[0]


@pytest.fixture(scope="module")
def closing(opening: Change) -> Change:
    """The same branch is closed again, from a grid in which it was open."""
    return steps(opening.after.state, [Action(kind="close", element=OPENED)])[0]


def rows(change: Change, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """A quantity before and after, of ordinary outages."""
    pairs = outages_of(change, rule("n1-loading"))
    keep = ~pairs.exceptional[:, 0]
    before = pairs.values_before(lambda s: getattr(s, quantity), lambda s: np.asarray(getattr(s, quantity, np.nan)))
    return before[keep], getattr(pairs.after, quantity)[keep]


@pytest.mark.parametrize(("offset", "outcome"), [(-0.01, "fail"), (0.01, "pass")])
def test_loading_on_both_sides_of_its_limit(opening: Change, offset: float, outcome: str) -> None:
    """The outage that loads a branch most among those that got worse decides."""
    before, after = rows(opening, "loading_percent")
    worse = np.where(after - before > 1.0, after, -np.inf)
    found = n1_loading.check(opening, rule("n1-loading", 1.0, max=float(worse.max()) + offset))[0]
    assert (found.outcome == "fail") is (outcome == "fail")
    if outcome == "fail":
        assert found.value == pytest.approx(worse.max(), abs=1e-5)
        assert found.explanation.startswith("Losing ")


@pytest.mark.parametrize(("offset", "outcome"), [(-0.01, "fail"), (0.01, "other")])
def test_loading_on_both_sides_of_its_tolerance(opening: Change, offset: float, outcome: str) -> None:
    """With every loading beyond its limit, only the worsening after the same outage decides."""
    before, after = rows(opening, "loading_percent")
    tolerance = float(np.nanmax(after - before)) + offset
    found = n1_loading.check(opening, rule("n1-loading", tolerance, max=0.0))[0]
    assert (found.outcome == "fail") is (outcome == "fail")


@pytest.mark.parametrize(("sign", "offset", "fails"), [(1, -1e-4, True), (1, 1e-4, False), (-1, -1e-4, True), (-1, 1e-4, False)])
def test_voltage_on_both_sides_of_both_limits(opening: Change, sign: int, offset: float, fails: bool) -> None:
    """The upper limit judges what rises after an outage, the lower one what falls."""
    before, after = rows(opening, "vm_pu")
    worse = np.where(sign * (after - before) > 0.002, sign * after, -np.inf)
    edge = sign * (float(worse.max()) + offset)
    limits = {"min": 0.1, "max": edge} if sign > 0 else {"min": edge, "max": 9.0}
    found = n1_voltage.check(opening, rule("n1-voltage-300", 0.002, **limits))[0]
    assert (found.outcome is Outcome.FAIL) is fails


@pytest.mark.parametrize(("offset", "fails"), [(-1e-5, True), (1e-5, False)])
def test_voltage_on_both_sides_of_its_tolerance(opening: Change, offset: float, fails: bool) -> None:
    """With every voltage beyond the upper limit, only the rise after the same outage decides."""
    before, after = rows(opening, "vm_pu")
    tolerance = float(np.nanmax(after - before)) + offset
    found = n1_voltage.check(opening, rule("n1-voltage-300", tolerance, min=0.1, max=0.2))[0]
    assert (found.outcome is Outcome.FAIL) is fails


def test_the_outage_of_an_opened_branch_is_gone(opening: Change) -> None:
    """What is out of service cannot trip; its absence is judged in the undisturbed grid."""
    names = [outage.name for outage in outages_of(opening, rule("n1-loading")).after.outages]
    assert OPENED not in names
    assert OPENED in [outage.name for outage in opening.before.screening.outages]  # type: ignore[union-attr]


def test_a_new_outage_is_compared_with_the_grid_before(closing: Change) -> None:
    """Losing the branch that was just closed leads back to the grid before: it is no fault of closing it."""
    pairs = outages_of(closing, rule("n1-loading"))
    row = [outage.name for outage in pairs.after.outages].index(OPENED)
    before = pairs.values_before(lambda s: s.loading_percent, lambda s: s.loading_percent)
    assert pairs.row_before[row] == -1
    assert np.nan_to_num(before[row]) == pytest.approx(np.nan_to_num(pairs.after.loading_percent[row]), abs=1e-3)
    assert "compared with the grid before" in pairs.losing(row)


def test_relief_after_outages_is_told(closing: Change) -> None:
    """Closing a tie relieves branches after outages, and the explanation says so."""
    assert "relieved" in n1_loading.check(closing, rule("n1-loading"))[0].explanation


def test_the_loss_of_an_infeed_is_exceptional(default_grid: Grid) -> None:
    """The same finding warns after losing an infeed and fails where infeeds count as ordinary."""
    change = steps(default_grid.state_at(), [Action(kind="open", element="HV1 Line 14")])[0]
    shipped = rule("n1-loading")
    assert shipped.exceptional == (ElementKind.INFEED,)
    assert n1_loading.check(change, shipped)[0].outcome is Outcome.WARN
    found = n1_loading.check(change, shipped.model_copy(update={"exceptional": ()}))[0]
    assert found.outcome is Outcome.FAIL
    assert found.explanation.startswith("Losing EHV Ext_grid")


def test_load_at_risk_on_both_sides_of_its_tolerance(opening: Change) -> None:
    """An outage that would now cut load off warns by its megawatts, unless they are within the tolerance."""
    before, after = rows(opening, "lost_load_mw")
    most = float((after - before).max())
    assert most > 1.0
    warned = n1_lost_load.check(opening, rule("n1-lost-load", most - 0.01, max=0.0))[0]
    assert (warned.outcome, warned.value) == (Outcome.WARN, pytest.approx(after[(after - before).argmax()], abs=1e-5))
    assert n1_lost_load.check(opening, rule("n1-lost-load", most + 0.01, max=0.0))[0].outcome is Outcome.PASS


def unsolved(situation: Situation, outage: str) -> Situation:
    """The situation with one outage marked as without a solution."""
    screening = situation.screening
    assert screening
    solved = screening.solved.copy()
    solved[[o.name for o in screening.outages].index(outage)] = False
    doubted = Situation(situation.state)
    doubted.__dict__["screening"] = replace(screening, solved=solved)
    return doubted


def test_an_outage_that_loses_its_solution_fails_and_one_that_never_had_one_does_not(closing: Change) -> None:
    """Not being solvable counts as not being survived, when the change causes it."""
    worse = Change(closing.before, closing.previous, closing.actions)
    worse.__dict__["after"] = unsolved(closing.after, "Line 3-4 (1)")
    found = n1_solution.check(worse, rule("n1-solution"))[0]
    assert found.outcome is Outcome.FAIL
    assert "it had one before" in found.explanation
    same = Change(unsolved(closing.before, "Line 3-4 (1)"), closing.previous, closing.actions)
    same.__dict__["after"] = worse.after
    assert n1_solution.check(same, rule("n1-solution"))[0].outcome is Outcome.PASS
    assert n1_solution.check(closing, rule("n1-solution"))[0].outcome is Outcome.PASS


def test_an_outage_that_becomes_solvable_is_no_fault(closing: Change) -> None:
    """A remedy must not be refused for the loadings of a case that had no power flow at all before."""
    pairs = outages_of(closing, rule("n1-loading"))
    row = [outage.name for outage in pairs.after.outages].index("Line 3-4 (1)")
    better = Change(unsolved(closing.before, "Line 3-4 (1)"), closing.previous, closing.actions)
    doubted = outages_of(better, rule("n1-loading"))
    shape = pairs.after.loading_percent.shape
    compared = doubted.compare(np.full(shape, np.nan), np.full(shape, 5.0), 1.0)
    assert not compared.caused[row].any()
    assert compared.caused[row - 1].all()


def test_a_model_that_calls_missing_ratings_usable_is_not_believed(case39: Grid) -> None:
    """One branch without a rating, though the model says all have one: no loading is judged and the action is refused."""
    model = case39.state_at().model
    one, other = model.branches.rating_from_ka.copy(), model.branches.rating_to_ka.copy()
    one[3] = other[3] = np.nan
    doctored = replace(model, branches=replace(model.branches, rating_from_ka=one, rating_to_ka=other))
    change = steps(GridState.at_start(doctored), [Action(kind="open", element=OPENED)])[0]
    assert doctored.ratings_usable
    assert [r.outcome for r in n1_loading.check(change, rule("n1-loading"))] == [Outcome.NOT_CHECKABLE]
    assert [r.outcome for r in branch_loading.check(change, rule("branch-loading"))] == [Outcome.NOT_CHECKABLE]
    assert [r.outcome for r in ratings_usable.check(change, rule("ratings-usable"))] == [Outcome.FAIL]
