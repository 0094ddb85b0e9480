"""Tags and protected elements: neither operated nor energised, by whatever way an order would do it."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from guardrails.change import steps
from guardrails.circumstances import Circumstances, Tag, TagKind
from guardrails.drift import drifted
from guardrails.gate import Gate, judge
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
RULES = {rule.id: rule for rule in PACK.rules}


def actions(*orders: str) -> list[Action]:
    return [Action(kind=kind, element=name) for kind, name in (order.split(" ", 1) for order in orders)]


def tagged(state: GridState, listed: list[Action], *elements: str, kind: TagKind = TagKind.TAGGED) -> ClauseResult:
    """What the rule on tags says of a list while tags by Olga stand."""
    around = Circumstances(tags=tuple(Tag(element, kind, "olga", "tower 12") for element in elements))
    return judge(RULES["tagged"], steps(state, listed, "test", around))[0]


def protected(state: GridState, listed: list[Action], *elements: str) -> ClauseResult:
    return judge(RULES["protected-elements"], steps(state, listed, "test", Circumstances(protected=frozenset(elements))))[0]


@pytest.fixture
def live(training: Grid) -> GridState:
    return training.state_at()


@pytest.fixture
def isolated(live: GridState) -> GridState:
    """Line 1 dead between open breakers and its open disconnector at A."""
    return live.apply(actions("open T Line 1", "open A Line 1 disconnector 1"))


OPERATING = [
    ("T Line 1", Action(kind="open", element="T Line 1")),
    ("A Line 1 breaker", Action(kind="open", element="T Line 1")),
    ("T Line 1", Action(kind="open", element="B Line 1 breaker")),
    ("A Busbar 1", Action(kind="open", element="A Coupler")),
    ("A Coupler", Action(kind="open", element="A Coupler")),
    ("T Trafo 1", Action(kind="set_tap", element="T Trafo 1", position=1)),
    ("T Shunt 1", Action(kind="set_shunt", element="T Shunt 1", step=2)),
    ("T Wind 1", Action(kind="set_p", element="T Wind 1", p_mw=3.0)),
    ("T Machine 1", Action(kind="set_voltage", element="T Machine 1", vm_pu=1.02)),
    ("T Infeed", Action(kind="set_voltage", element="T Infeed", vm_pu=1.02)),
    ("T Load 1", Action(kind="shed_load", element="T Load 1", p_mw=2.0)),
    ("T Load 1", Action(kind="open", element="T Load 1")),
    ("T Machine 1", Action(kind="release", element="T Machine 1")),
]


@pytest.mark.parametrize("kind", list(TagKind))
@pytest.mark.parametrize(("element", "action"), OPERATING)
def test_a_tagged_element_is_not_operated(live: GridState, element: str, action: Action, kind: TagKind) -> None:
    """By its name, by its breaker, or as the breaker of something else; the sentence says what, by whom and why."""
    found = tagged(live, [action], element, kind=kind)
    assert (found.outcome, found.element) == (Outcome.FAIL, element)
    assert f"would operate {element}, which is {kind}: olga says 'tower 12'" in found.explanation


@pytest.mark.parametrize(("element", "action"), OPERATING)
def test_a_protected_element_is_not_touched(live: GridState, element: str, action: Action) -> None:
    """The same ways lead to it."""
    found = protected(live, [action], element)
    assert (found.outcome, found.element) == (Outcome.FAIL, element)
    assert f"would touch {element}" in found.explanation


@pytest.mark.parametrize(("element", "action"), OPERATING)
def test_what_lies_beside_it_may_be_operated(live: GridState, element: str, action: Action) -> None:
    """Line 2's bay and its far end have nothing to do with any of these."""
    other = "T Load 2" if element != "T Load 2" else "T Load 1"
    for ask in (tagged, protected):
        assert ask(live, [action], other, "A Line 2 breaker").outcome is Outcome.PASS


def test_without_tags_and_protected_elements_there_is_nothing_to_say(live: GridState) -> None:
    """Both pass, as they do where tags stand elsewhere: the first tag of the day is no drift of other orders."""
    for ask in (tagged, protected):
        assert ask(live, actions("open T Line 1")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("element", "orders", "outcome"),
    [
        ("A Line 1 bay", ("close A Line 1 disconnector 1",), "fail"),
        ("A Line 1 breaker", ("close A Line 1 disconnector 1",), "fail"),  # voltage at one side of what people work on
        ("T Line 1", ("close A Line 1 disconnector 1",), "pass"),  # its breaker is still open
        ("T Line 1", ("close B Line 1 breaker",), "fail"),
        ("A Line 1 terminal", ("close B Line 1 breaker",), "fail"),
        ("A Line 1 terminal", ("close A Line 1 disconnector 2",), "pass"),
        ("A Line 1 disconnector 1", ("close B Line 1 breaker",), "pass"),  # an open one, live on its busbar's side already
        ("T Line 2", ("close B Line 1 breaker",), "pass"),  # live already
    ],
)
def test_a_dead_element_with_a_tag_stays_dead(isolated: GridState, element: str, orders: tuple[str, ...], outcome: str) -> None:
    """Voltage that comes from elsewhere counts, whatever is named in the order."""
    found = tagged(isolated, actions(*orders), element, kind=TagKind.EARTHED)
    assert found.outcome == outcome


def test_a_busbar_gets_its_voltage_from_afar(live: GridState) -> None:
    """The substation is dead because both lines are open at B; closing one there energises the earthed busbar at A."""
    dead = live.apply(actions("open B Line 1 breaker", "open B Line 2 breaker"))
    found = tagged(dead, actions("close B Line 2 breaker"), "A MV Busbar", kind=TagKind.EARTHED)
    assert found.outcome is Outcome.FAIL
    assert "would energise A MV Busbar, which is earthed" in found.explanation


def test_a_step_in_the_middle_of_a_list_counts(isolated: GridState) -> None:
    """Energised and switched off again is energised."""
    found = tagged(isolated, actions("close B Line 1 breaker", "open B Line 1 breaker"), "A Line 1 terminal")
    assert found.outcome is Outcome.FAIL
    assert found.explanation.startswith("Step 1 of 2, close B Line 1 breaker: ")


def test_a_machine_is_a_source_too(live: GridState) -> None:
    """An island without an infeed is dead for the power flow; people on its busbar must not rely on that."""
    dead = live.apply(actions("open T Trafo 1", "open T Machine 1", "open T Wind 1", "open T Solar 1"))
    assert tagged(dead, actions("close T Wind 1"), "A MV Busbar").outcome is Outcome.FAIL
    assert tagged(dead, actions("open T Load 1"), "A MV Busbar").outcome is Outcome.PASS


def test_an_infeed_that_reaches_what_a_machine_reached_before_counts(live: GridState) -> None:
    """Parks that could hold the dead busbar do not hide that it gets voltage."""
    dead = live.apply(actions("open T Trafo 1"))
    assert tagged(dead, actions("close T Trafo 1"), "A MV Busbar").outcome is Outcome.FAIL


def test_a_leg_counts_for_its_three_winding_transformer(grid_cache: Path) -> None:
    """And the whole for each of its legs."""
    state = load_grid("example_multivoltage", grid_cache).state_at()
    model = state.model
    whole = model.three_winding.name[0]
    leg = model.branches.name[int(model.three_winding.legs[0][0])]
    assert tagged(state, actions(f"open {leg}"), whole).outcome is Outcome.FAIL
    assert tagged(state, actions(f"open {whole}"), leg).outcome is Outcome.FAIL


def test_a_switch_at_a_branch_counts_for_the_branch(grid_cache: Path) -> None:
    """On grids whose switches sit at the ends of branches."""
    state = load_grid("example_multivoltage", grid_cache).state_at()
    switches = state.model.switches
    row = int(np.flatnonzero(state.switch_closed & (switches.branch >= 0) & switches.can_break_load)[0])
    branch = state.model.branches.name[int(switches.branch[row])]
    assert protected(state, actions(f"open {switches.name[row]}"), branch).outcome is Outcome.FAIL


@pytest.mark.parametrize("rule_id", ["tagged", "protected-elements"])
def test_a_name_the_grid_does_not_hold_blocks_every_order(live: GridState, rule_id: str) -> None:
    """A slip of the pen must not leave people without protection; the nearest name is offered."""
    around = Circumstances(tags=(Tag("T Lin 1", TagKind.TAGGED, "olga"),), protected=frozenset({"T Lin 1"}))
    found = judge(RULES[rule_id], steps(live, actions("open T Line 2"), "test", around))[0]
    assert found.outcome is Outcome.NOT_CHECKABLE
    assert "T Line 1" in found.explanation


def test_many_tags_are_told_shortly(live: GridState) -> None:
    """Five sentences and the number of the rest."""
    found = tagged(live, actions("open T Line 1"), *["T Line 1"] * 7)
    assert found.explanation.count("would operate") == 5
    assert "7 tags in all" in found.explanation


def test_a_step_that_does_not_fit_is_refused_once(training: Grid) -> None:
    """An invalid step on a tagged element says both; an invalid step elsewhere is only invalid."""
    around = Circumstances(tags=(Tag("T Load 1", TagKind.TAGGED, "olga"),), protected=frozenset({"T Load 2"}))
    verdict = Gate(PACK, around=lambda state: around).check(training.state_at(), actions("close T Line 1"), "test")
    assert [c.rule for c in verdict.clauses if c.outcome.blocks] == ["action-valid"]


def test_a_list_may_hold_twenty_actions(training: Grid) -> None:
    """One more is refused by the rule, with the number."""
    state, order = training.state_at(), ("open T Line 1", "close T Line 1")
    for count, outcome in ((20, Outcome.PASS), (21, Outcome.FAIL)):
        found = judge(RULES["actions-per-proposal"], steps(state, actions(*(order * 11)[:count]), "test"))[0]
        assert (found.outcome, found.value, found.limit, found.unit) == (outcome, count, 20, "actions")


@pytest.mark.parametrize(("ordered", "outcome"), [(0, "pass"), (58, "pass"), (59, "fail"), (60, "fail"), (200, "fail")])
def test_sixty_actions_an_hour_may_be_ordered(training: Grid, ordered: int, outcome: str) -> None:
    """Those of the proposal count as well: 58 and 2 are 60."""
    changes = steps(training.state_at(), actions("open T Line 1", "close T Line 1"), "test", Circumstances(actions_last_hour=ordered))
    found = judge(RULES["actions-per-hour"], changes)[0]
    assert (found.outcome, found.value, found.before) == (outcome, ordered + 2, ordered)


def test_without_a_ledger_the_last_hour_is_not_judged(training: Grid) -> None:
    """A gate in a notebook knows of no orders, and says so."""
    found = judge(RULES["actions-per-hour"], steps(training.state_at(), actions("open T Line 1")))[0]
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "no ledger" in found.explanation


def test_a_count_that_grows_within_its_limit_makes_nothing_stale(training: Grid) -> None:
    """Between showing and executing other orders come and go; only one that passes the limit stops this one."""

    def at(ordered: int) -> Verdict:
        return Gate(PACK, around=lambda state: Circumstances(actions_last_hour=ordered)).check(
            training.state_at(), actions("open T Line 1"), "test"
        )

    assert drifted(at(0), at(59), PACK.tolerances) is None
    assert "61 actions" in (drifted(at(0), at(60), PACK.tolerances) or "")
