"""The gate: what the rules in force say about a list of actions on one state. Hard limits, then physics, then code clauses.

A pure function of state, actions, reason and pack; whatever cannot be checked blocks.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from grid_models.actions import Action, ActionKind
from grid_models.errors import InvalidAction
from grid_models.findings import ClauseResult, Outcome, worst
from grid_models.twin.apply import switched_by
from grid_models.twin.state import GridState
from guardrails.change import Change, steps
from guardrails.checks.finding import not_checkable
from guardrails.checks.table import CHECKS
from guardrails.circumstances import Circumstances
from guardrails.effect import effect_of
from guardrails.rollback import rollback_of
from guardrails.rule import GateName, Rule
from guardrails.rule_pack import RulePack, compile_limits
from guardrails.verdict import Effect, Verdict

STOP_RULE = "writes-stopped"  # not in a file: no configuration may switch the kill switch off
_STOP_CLAUSE = "aeip-stop-of-writes"
AROUND_RULE = "circumstances-known"  # nor this one
_AROUND_CLAUSE = "aeip-simulated-first"


class Gate:
    """Checks against one rule pack. `writes_stopped` is asked first: the reason why writes are stopped, or None.

    `around` says of a state what checks may know besides it; where it fails, nothing is checked and the list is blocked.
    """

    def __init__(
        self,
        pack: RulePack,
        writes_stopped: Callable[[], str | None] | None = None,
        around: Callable[[GridState], Circumstances] = lambda state: Circumstances(),
    ) -> None:
        self.pack = pack
        self.limits = compile_limits(pack)
        self._writes_stopped = writes_stopped
        self._around = around

    def check(self, state: GridState, actions: Sequence[Action], reason: str, source: Literal["live", "standing"] = "live") -> Verdict:
        """The verdict on an ordered list. Raises UnknownElement or AmbiguousElement for a name, InvalidAction for an empty list."""
        if not actions:
            raise InvalidAction("The list of actions is empty; at least one action is needed.")
        for action in actions:
            if action.element is not None:
                state.model.registry.find(action.element)
        stopped = self._stopped()
        if stopped:
            return self._verdict(state, actions, source, [stopped])
        try:
            around = self._around(state)
        except Exception as error:  # whatever it is: fail closed
            return self._verdict(state, actions, source, [_unknown(error)])
        changes = steps(state, actions, reason, around)
        clauses, passed_hard = self._clauses(changes)
        effect = effect_of(changes[-1], self.limits) if passed_hard else Effect()
        breakers = tuple(_breakers(change) for change in changes)
        rollback = rollback_of(actions, state) if passed_hard else ()
        return self._verdict(state, actions, source, clauses, effect, breakers, rollback)

    def around(self, state: GridState) -> Circumstances:
        """What checks may know besides this state. Raises whatever its source raises."""
        return self._around(state)

    def _verdict(
        self,
        state: GridState,
        actions: Sequence[Action],
        source: Literal["live", "standing"],
        clauses: list[ClauseResult],
        effect: Effect | None = None,
        breakers: tuple[tuple[str, ...], ...] = (),
        rollback: tuple[Action, ...] = (),
    ) -> Verdict:
        return Verdict(
            grid=state.model.name,
            content_hash=state.model.content_hash,
            state_id=state.state_id,
            plant_time=state.plant_time.isoformat(),
            source=source,
            actions=tuple(actions),
            breakers=breakers,
            clauses=tuple(clauses),
            effect=effect or Effect(),
            rollback=rollback,
            rule_pack=self.pack.label,
        )

    def _clauses(self, changes: Sequence[Change]) -> tuple[list[ClauseResult], bool]:
        """Gate by gate; a gate that blocks is the last one. The second value says whether the hard gate let the list through."""
        found: list[ClauseResult] = []
        for gate in GateName:
            results = [result for rule in self.pack.of_gate(gate) for result in judge(rule, changes)]
            found += _without_echo(results) if gate is GateName.HARD else results
            if any(result.outcome.blocks for result in results):
                return found, gate is not GateName.HARD
        return found, True

    def _stopped(self) -> ClauseResult | None:
        """The kill switch as a clause; one that cannot be read counts as set."""
        if self._writes_stopped is None:
            return None
        try:
            why, outcome = self._writes_stopped(), Outcome.FAIL
        except Exception as error:  # whatever it is: fail closed
            why, outcome = f"The stop of writes cannot be read ({error}).", Outcome.NOT_CHECKABLE
        if why is None:
            return None
        return ClauseResult(
            rule=STOP_RULE, clause=_STOP_CLAUSE, requirement="No change while writes are stopped", outcome=outcome, explanation=why
        )


def _unknown(error: Exception) -> ClauseResult:
    why = f"What surrounds the grid cannot be read ({error}), so nothing was checked."
    needed = "Relays, tags and recent orders are known"
    return ClauseResult(rule=AROUND_RULE, clause=_AROUND_CLAUSE, requirement=needed, outcome=Outcome.NOT_CHECKABLE, explanation=why)


def judge(rule: Rule, changes: Sequence[Change]) -> list[ClauseResult]:
    """What a rule says of a list: its gravest result over the steps, the later one where two are equal."""
    spec = CHECKS[rule.check]
    judged = changes[-1:] if spec.final_only else changes
    results = [_run(rule, change) for change in judged]
    gravest = worst([outcome for result in results for outcome in _outcomes(result)])
    at = max(i for i, result in enumerate(results) if gravest in _outcomes(result))
    step, total = len(judged[at].actions), len(changes)
    if total == 1 or spec.final_only or gravest in (Outcome.PASS, Outcome.NOT_APPLICABLE):
        return results[at]
    words = f"Step {step} of {total}, {judged[at].action.words()}: "
    return [result.model_copy(update={"explanation": words + result.explanation}) for result in results[at]]


def _outcomes(results: Sequence[ClauseResult]) -> list[Outcome]:
    return [result.outcome for result in results]


def _run(rule: Rule, change: Change) -> list[ClauseResult]:
    """One check on one step. A check that fails to answer has not passed: fail closed."""
    try:
        return CHECKS[rule.check].run(change, rule)
    except Exception as error:  # any error at all means that the rule was not checked
        return not_checkable(rule, f"This rule could not be checked ({type(error).__name__}: {error}).")


def _without_echo(results: list[ClauseResult]) -> list[ClauseResult]:
    """A value out of range makes the step invalid too; the range says it better."""
    blocking = [result for result in results if result.outcome.blocks]
    echoes = [result for result in blocking if result.rule == "action-valid"]
    return [result for result in results if result not in echoes] if len(blocking) > len(echoes) else results


def _breakers(change: Change) -> tuple[str, ...]:
    """The switches an open or close of a branch really moves; none for a step that cannot be applied."""
    if change.action.kind not in (ActionKind.OPEN, ActionKind.CLOSE):
        return ()
    try:
        return switched_by(change.previous.state, change.action)
    except InvalidAction:
        return ()
