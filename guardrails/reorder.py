"""Would the same actions pass in another order? Asked when a list is blocked on its way and not by where it ends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.twin.registry import Element
from grid_models.twin.state import GridState
from guardrails.change import Change, Situation
from guardrails.checks.table import CHECKS
from guardrails.circumstances import Circumstances
from guardrails.gate import AROUND_RULE, STOP_RULE, Gate, judge
from guardrails.verdict import Verdict

MOST_ORDERS = 120  # all orders of up to five actions; of more, those nearest to the one asked for
LONGEST_S = 2.0  # a person is waiting for the refusal

_Order = tuple[int, ...]


@dataclass(frozen=True)
class Reordering:
    """order: the first one that the gate passes, as near to what was asked as any; empty where none was found.

    tried: other orders than the one asked for.  all_tried: there is no further one, so that none passes if `order` is empty.
    """

    order: tuple[Action, ...]
    tried: int
    all_tried: bool


def reorder(
    gate: Gate, state: GridState, verdict: Verdict, reason: str, longest_s: float = LONGEST_S, clock: Callable[[], float] = monotonic
) -> Reordering | None:
    """Look for an order that passes. None where order is not the matter: nothing blocks, one action, or the end itself is refused.

    Actions on one element keep their order, and every order must end in the same state. Orders are taken from near to far, by exchanges
    of neighbours, until one passes, the time is over or MOST_ORDERS were tried. What is found has passed `gate.check` as a whole.
    """
    actions, until = verdict.actions, clock() + longest_s
    if not verdict.blocked or len(actions) < 2 or {c.rule for c in verdict.clauses} & {STOP_RULE, AROUND_RULE}:
        return None
    try:
        search = _Search(gate, state, actions, reason, gate.around(state))
    except Exception:  # whatever it is: the refusal stands without a suggestion
        return None
    if search.ends_badly():
        return None
    tried = 0
    for order in _orders(search.elements):
        if tried >= MOST_ORDERS or clock() > until:
            return Reordering((), tried, all_tried=False)
        tried += 1
        found = tuple(actions[i] for i in order)
        if search.passes(order) and not gate.check(state, found, reason, verdict.source).blocked:
            return Reordering(found, tried, all_tried=False)
    return Reordering((), tried, all_tried=True)


def _orders(elements: Sequence[Element | None]) -> Iterator[_Order]:
    """Every other order once, fewest exchanges of neighbours first; actions on one element are never exchanged."""
    asked = tuple(range(len(elements)))
    known, queue = {asked}, [asked]
    for order in queue:  # grows while it is read
        for i in range(len(order) - 1):
            one, other = order[i], order[i + 1]
            exchanged = (*order[:i], other, one, *order[i + 2 :])
            if elements[one] != elements[other] and exchanged not in known:
                known.add(exchanged)
                queue.append(exchanged)
                yield exchanged


@dataclass
class _Search:
    """Steps that orders share are judged once: by the state they meet and their action."""

    gate: Gate
    state: GridState
    actions: tuple[Action, ...]
    reason: str
    around: Circumstances
    judged: dict[tuple[str, int, bool], Situation | None] = field(default_factory=dict)

    @cached_property
    def elements(self) -> tuple[Element | None, ...]:
        """What each action is about, whichever name it uses."""
        find = self.state.model.registry.find
        return tuple(None if action.element is None else find(action.element) for action in self.actions)

    @cached_property
    def _start(self) -> Situation:
        return Situation(self.state)

    @cached_property
    def _end(self) -> str | None:
        """The state that the list leads to as it was asked for; None where it leads nowhere."""
        try:
            return self.state.apply(self.actions).state_id
        except InvalidAction:
            return None

    def passes(self, order: _Order) -> bool:
        """Whether every step of this order passes, and the last one ends where the list was meant to end."""
        situation: Situation | None = self._start
        for count in range(1, len(order) + 1):
            if situation is None:
                return False
            situation = self._step(situation, order[:count])
        return situation is not None and self._end in (None, situation.state.state_id)

    def ends_badly(self) -> bool:
        """Whether the last step is refused whichever action comes last: then no order can help."""
        return not any(self._ends_well(last) for last in reversed(range(len(self.actions))))

    def _ends_well(self, last: int) -> bool:
        """With the others taken as done, in the order asked for."""
        if self.elements[last] in self.elements[last + 1 :]:
            return False  # it cannot be the last one
        others = tuple(i for i in range(len(self.actions)) if i != last)
        try:
            met = self.state.apply([self.actions[i] for i in others])
        except InvalidAction:
            return False
        return self._step(Situation(met), (*others, last)) is not None

    def _step(self, met: Situation, done: _Order) -> Situation | None:
        """The situation after the last action of `done`; None where a rule refuses the step."""
        last = len(done) == len(self.actions)
        key = (met.state.state_id, done[-1], last)
        if key not in self.judged:
            change = Change(self._start, met, tuple(self.actions[i] for i in done), self.reason, self.around)
            self.judged[key] = None if self._refused(change, last=last) else change.after
        return self.judged[key]

    def _refused(self, change: Change, *, last: bool) -> bool:
        rules = [rule for rule in self.gate.pack.rules if last or not CHECKS[rule.check].final_only]
        return any(result.outcome.blocks for rule in rules for result in judge(rule, [change]))
