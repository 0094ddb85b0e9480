"""Play one step of a scenario on a fresh app, and judge what came of it."""

import math
from dataclasses import dataclass
from typing import assert_never

from agent.answer import Answer
from agent.app import App
from evals.checks.answer import check_answer
from evals.checks.ledger import check_events, check_ledger
from evals.checks.lies import check_lies
from evals.checks.plant import NoPlant, check_plant
from evals.checks.promises import check_numbers
from evals.checks.score import Score, Value, judged, unscored
from evals.checks.study import check_study
from evals.doubles.clock import Clock
from evals.doubles.impatience import Impatience
from evals.doubles.scripted_people import ScriptedPeople
from evals.scenario import Advance, Ask, Behind, Broken, Decide, Grounded, Ledger, Lies, PlantShows, Step, Study, Watch, Writes
from grid_models.errors import AeipError
from grid_models.twin.simulated_plant import SimulatedPlant

STEPPED_IN = "brain"  # the check that says that another brain than the one asked for has answered
_BEAT_S = 14.0  # an owner that shows no life for longer loses its lease
_MEASURING_ROUNDS = 8  # rounds after which an owner has certainly looked at its plant again


class NothingProposed(AeipError):
    """The scenario decides before anything was proposed."""


@dataclass
class Stage:
    """One scenario in progress."""

    app: App
    clock: Clock
    people: ScriptedPeople

    def play(self, step: Step) -> list[Score]:
        """What the step did and whether it was what it should be."""
        match step:
            case Ask():
                return self._ask(step)
            case Lies():
                studies = [(called.tool, called.args) for called in step.calls]
                who = self.people.person("olga")
                return list(check_lies(self.app, step.kind, step.lies, studies, step.truth, step.question, who))
            case Grounded():
                return [score for question in step.grounded for score in self._grounded(question)]
            case Study():
                return check_study(self.app, step)
            case Decide():
                return self._decide(step)
            case Advance():
                return self._advance(step)
            case Behind():
                return self._behind(step)
            case Broken():
                return self._broken(step)
            case Watch():
                return self._watch(step)
            case Writes():
                return self._writes(step)
            case PlantShows():
                return list(check_plant(self.app, step.plant, step.tolerance))
            case Ledger():
                return self._ledger(step)
        assert_never(step)

    def _ask(self, step: Ask) -> list[Score]:
        watching = Impatience(step.stop_after)
        answer = self.app.ask(
            step.ask,
            session=step.session,
            person=self.people.person(step.user),
            progress=watching.told,
            cancelled=watching.has_had_enough,
        )
        return check_answer(answer, step.expect) + check_numbers(answer) + watching.scores() + self._stepped_in(answer)

    def _stepped_in(self, answer: Answer) -> list[Score]:
        """Said and counted, not judged: the answer counts, but it was not the model's."""
        wanted = self.app.settings.brain
        return [] if answer.brain == wanted else [unscored(STEPPED_IN, f"{answer.brain} answered instead of {wanted}")]

    def _grounded(self, question: str) -> list[Score]:
        answer = self.app.ask(question, person=self.people.person("olga"))
        scores = [score for score in check_numbers(answer) if score.value is not Value.UNSCORED]
        return [judged(score.check, not score.failed, f"'{question}': {score.explanation}") for score in scores]

    def _decide(self, step: Decide) -> list[Score]:
        number = step.proposal or self._last_proposal()
        refusal = None
        try:
            self.people.decide(number, step.by, step.decide, step.reason, step.typed_name)
        except AeipError as error:
            refusal = error
        found = self.app.proposal(number)
        words = f"proposal {number} is {found.status} ({found.outcome_note or 'no note'}), expected {step.status}"
        return [_refusal(step.refused, refusal), judged("proposal", found.status is step.status, words)]

    def _advance(self, step: Advance) -> list[Score]:
        self.clock.advance(step.advance_minutes)
        self._measure()
        return []

    def _behind(self, step: Behind) -> list[Score]:
        if self.app.owner is None:
            raise NoPlant("No plant runs here that could change.")
        self.app.owner.plant.execute(step.behind, key=f"behind-{step.behind.model_dump_json()}")
        self._measure()
        return []

    def _broken(self, step: Broken) -> list[Score]:
        source = self.app.owner.plant.source if self.app.owner is not None else None
        if not isinstance(source, SimulatedPlant):
            raise NoPlant("No simulated plant runs here whose measurements could go wrong.")
        if step.fault is None:
            source.clear_faults()
        else:
            source.inject(step.fault)
        return []

    def _watch(self, step: Watch) -> list[Score]:
        owner = self.app.owner
        if owner is None:
            raise NoPlant("No plant runs here that could be watched.")
        beats = math.ceil(step.every_s / _BEAT_S)
        for _ in range(step.measure):
            for _ in range(beats):
                self.clock.advance(step.every_s / beats / 60.0)
                owner.tick()
            owner.plant.look()
        return []

    def _writes(self, step: Writes) -> list[Score]:
        try:
            self.people.switch_writes(step.by, "scripted", stop=step.writes == "stop")
        except AeipError as error:
            return [_refusal(step.refused, error)]
        return [_refusal(step.refused, None)]

    def _ledger(self, step: Ledger) -> list[Score]:
        scores = list(check_ledger(self.app, step.ledger))
        return [*scores, check_events(self.app, self._last_proposal(), step.events)] if step.events else scores

    def _last_proposal(self) -> int:
        found = self.app.proposals()
        if not found:
            raise NothingProposed("Nothing has been proposed in this scenario, so nobody can decide.")
        return found[0].id

    def _measure(self) -> None:
        """Let the owner see its plant of now instead of waiting for its next telemetry."""
        owner = self.app.owner
        if owner is not None:
            for _ in range(_MEASURING_ROUNDS):
                owner.tick()


def _refusal(expected: str | None, found: AeipError | None) -> Score:
    """The named error, or none at all."""
    name = type(found).__name__ if found else None
    words = f"{name}: {found}" if found else "none"
    return judged("refusal", name == expected, f"expected {expected or 'no refusal'}, found {words}")
