"""Another order: a small ring in which closing first, opening first, or neither is right, and what is never suggested."""

import itertools
from datetime import date

import pandapower
import pytest

from grid_models.actions import Action
from grid_models.intake.net import model_from_net
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.circumstances import Circumstances
from guardrails.gate import Gate
from guardrails.reorder import MOST_ORDERS, Reordering, _orders, _Search, reorder
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict

GATE = Gate(load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)))
CLOSE_TIE, OPEN_STRONG = Action(kind="close", element="Tie"), Action(kind="open", element="Strong")
# ends, reactance [Ω] of each line of the ring: source S, station A with a small load, B, and D with a large one
_LINES = {"Main 1": ("S", "D", 10.0), "Main 2": ("S", "D", 10.0), "Strong": ("S", "A", 1.0), "Weak": ("S", "A", 30.0)}
_LINES |= {"Tie": ("A", "B", 4.0), "Far": ("B", "D", 1.0)}


def ring(*, weak: bool, tie_ka: float) -> GridState:
    """100 MW at D and 5 MW at A; the tie is open. With the strong line in service nearly half of D's power would take the tie."""
    net = pandapower.create_empty_network(name="ring", f_hz=50.0)
    at = {name: pandapower.create_bus(net, 110.0, name=f"Bus {name}") for name in "SABD"}
    pandapower.create_ext_grid(net, at["S"], vm_pu=1.03, name="Grid")
    for name, (one, other, ohm) in _LINES.items():
        pandapower.create_line_from_parameters(
            net, at[one], at[other], 1.0, ohm / 10, ohm, 0.0, tie_ka if name == "Tie" else 1.0, name=name, in_service=name != "Tie"
        )
    pandapower.create_load(net, at["D"], 100.0, name="Large")
    pandapower.create_load(net, at["A"], 5.0, name="Small")
    state = GridState.at_start(model_from_net(net, "ring"))
    return state if weak else state.apply([Action(kind="open", element="Weak")])


def asked(state: GridState, *actions: Action, gate: Gate = GATE, **limits: object) -> tuple[Verdict, Reordering | None]:
    """The verdict on a list, and what another order would do."""
    verdict = gate.check(state, actions, "test")
    return verdict, reorder(gate, state, verdict, "test", **limits)


@pytest.mark.parametrize("tie_ka", [1.0, 0.28])
def test_closing_first_keeps_the_supply(tie_ka: float) -> None:
    """Without the weak line, opening first takes A off supply; closed first, the tie feeds it.

    A tie of 0.28 kA would not endure the loss of Main 1 in between: the course of a switching sequence is exempt from N-1.
    """
    state = ring(weak=False, tie_ka=tie_ka)
    verdict, found = asked(state, OPEN_STRONG, CLOSE_TIE)
    assert "Step 1 of 2" in " ".join(verdict.reasons)
    assert found == Reordering((CLOSE_TIE, OPEN_STRONG), tried=1, all_tried=False)
    assert not GATE.check(state, found.order, "test").blocked


def test_opening_first_keeps_the_tie_from_its_overload() -> None:
    """With the weak line and a thin tie it is the other way round: closed first, the tie would carry half of D's power."""
    state = ring(weak=True, tie_ka=0.16)
    verdict, found = asked(state, CLOSE_TIE, OPEN_STRONG)
    assert [c.element for c in verdict.clauses if c.outcome == "fail"] == ["Tie"]
    assert found == Reordering((OPEN_STRONG, CLOSE_TIE), tried=1, all_tried=False)


def test_a_list_that_passes_needs_no_other_order() -> None:
    """Both right orders pass as they are."""
    assert asked(ring(weak=False, tie_ka=1.0), CLOSE_TIE, OPEN_STRONG)[1] is None
    assert asked(ring(weak=True, tie_ka=0.16), OPEN_STRONG, CLOSE_TIE)[1] is None


@pytest.mark.parametrize("actions", [(CLOSE_TIE, OPEN_STRONG), (OPEN_STRONG, CLOSE_TIE)])
def test_that_no_order_passes_is_said_when_all_were_tried(actions: tuple[Action, ...]) -> None:
    """No weak line and a thin tie: one order takes A off, the other overloads the tie, although the end itself would be fine."""
    verdict, found = asked(ring(weak=False, tie_ka=0.16), *actions)
    assert verdict.blocked
    assert found == Reordering((), tried=1, all_tried=True)


def test_an_end_that_is_refused_is_no_matter_of_order() -> None:
    """A stays off in the end, whichever line is opened last; nor does an order help against an outage after the end."""
    state = ring(weak=False, tie_ka=1.0)
    verdict, found = asked(state, OPEN_STRONG, Action(kind="open", element="Main 1"))
    assert verdict.blocked
    assert found is None


def test_an_outage_after_the_end_is_no_matter_of_order() -> None:
    """N-1 is judged where the list ends, and every order ends there: losing Main 1 would put too much on the tie."""
    verdict, found = asked(ring(weak=True, tie_ka=0.09), OPEN_STRONG, CLOSE_TIE)
    assert {c.rule for c in verdict.clauses if c.outcome.blocks} == {"n1-loading"}
    assert found is None


def test_the_nearest_order_is_suggested() -> None:
    """Of four actions, with two that do not matter: one exchange of neighbours is enough, and the others stay where they were."""
    state = ring(weak=False, tie_ka=1.0)
    shed, tap = Action(kind="shed_load", element="Large", p_mw=1.0), Action(kind="open", element="Main 2")
    _, found = asked(state, shed, OPEN_STRONG, CLOSE_TIE, tap)
    assert found is not None
    assert found.order == (shed, CLOSE_TIE, OPEN_STRONG, tap)


def test_actions_on_one_element_keep_their_order() -> None:
    """To close the tie and open it again is not what was asked for in the other order, whichever name the tie is given."""
    state = ring(weak=False, tie_ka=1.0)
    open_tie = Action(kind="open", element="tie")
    _, found = asked(state, OPEN_STRONG, CLOSE_TIE, Action(kind="close", element="Strong"), open_tie)
    assert found is not None
    for earlier, later in ((CLOSE_TIE, open_tie), (OPEN_STRONG, Action(kind="close", element="Strong"))):
        assert found.order.index(earlier) < found.order.index(later)
    assert state.apply(found.order).state_id == state.state_id


def test_another_order_must_end_in_the_same_state(training: Grid) -> None:
    """Closing a line closes its breakers: done last it undoes the opening of one, done first it does not. Only one was asked for."""
    state = training.state_at().apply([Action(kind="open", element="B Line 1 breaker")])
    actions = (Action(kind="open", element="A Line 1 breaker"), Action(kind="close", element="T Line 1"))
    other = actions[::-1]
    assert not GATE.check(state, other, "test").blocked
    assert state.apply(other).state_id != state.apply(actions).state_id
    search = _Search(GATE, state, actions, "test", Circumstances())
    assert search.passes((0, 1))
    assert not search.passes((1, 0))


@pytest.mark.parametrize(("count", "orders"), [(2, 1), (3, 5), (4, 23), (5, 119)])
def test_up_to_five_actions_have_every_order_tried(count: int, orders: int) -> None:
    """Each one once, the neighbours' exchanges first."""
    found = list(itertools.islice(_orders(range(count)), 1000))
    assert len(set(found)) == len(found) == orders <= MOST_ORDERS
    assert set(found) | {tuple(range(count))} == set(itertools.permutations(range(count)))
    distance = [sum(o[i] > o[j] for i, j in itertools.combinations(range(count), 2)) for o in found]
    assert distance == sorted(distance)


def test_actions_on_one_element_are_never_exchanged() -> None:
    """Also where the list leads nowhere as it was asked for, so that no end could be compared."""
    assert sorted(_orders(["a", "b", "a"])) == [(0, 2, 1), (1, 0, 2)]


def test_a_search_ends_with_its_time() -> None:
    """Nothing is said of orders that were not tried."""
    ticks = iter(range(100))
    _, found = asked(ring(weak=False, tie_ka=1.0), OPEN_STRONG, CLOSE_TIE, longest_s=0.5, clock=lambda: float(next(ticks)))
    assert found == Reordering((), tried=0, all_tried=False)


def test_many_actions_are_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound nothing is said of the rest."""
    monkeypatch.setattr("guardrails.reorder.MOST_ORDERS", 3)
    shed = [Action(kind="shed_load", element=name, p_mw=0.5) for name in ("Large", "Small")]
    _, found = asked(ring(weak=False, tie_ka=0.16), OPEN_STRONG, CLOSE_TIE, *shed)
    assert found == Reordering((), tried=3, all_tried=False)


@pytest.mark.parametrize("stop", ["writes", "circumstances"])
def test_nothing_is_suggested_while_nothing_can_pass(stop: str) -> None:
    """Under the stop of writes, and where the surroundings cannot be read, no order is the matter."""

    def unreadable(state: GridState) -> Circumstances:
        raise OSError("no such file")

    gate = Gate(GATE.pack, writes_stopped=lambda: "stopped") if stop == "writes" else Gate(GATE.pack, around=unreadable)
    verdict, found = asked(ring(weak=False, tie_ka=1.0), OPEN_STRONG, CLOSE_TIE, gate=gate)
    assert verdict.blocked
    assert found is None


def test_a_suggestion_has_passed_the_gate_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps that pass one by one are not enough: what the gate says of the whole list counts."""
    state = ring(weak=False, tie_ka=1.0)
    verdict = GATE.check(state, (OPEN_STRONG, CLOSE_TIE), "test")
    monkeypatch.setattr(GATE, "check", lambda *args: verdict)
    assert reorder(GATE, state, verdict, "test") == Reordering((), tried=1, all_tried=True)


def test_the_verdict_does_not_change_with_a_suggestion() -> None:
    """What an approval is bound to knows nothing of it."""
    state = ring(weak=False, tie_ka=1.0)
    first = GATE.check(state, (OPEN_STRONG, CLOSE_TIE), "test")
    reorder(GATE, state, first, "test")
    assert GATE.check(state, (OPEN_STRONG, CLOSE_TIE), "test").hash == first.hash
