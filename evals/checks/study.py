"""What a study run directly found: values, or one sentence of what was asked, what was found and what would work."""

from agent.app import App
from agent.app.watch import Watch
from evals.checks.answer import check_found
from evals.checks.score import Score, judged
from evals.doubles.impatience import Impatience
from evals.scenario import Studied, Study
from grid_models.errors import AeipError
from tools.registry import run_study
from tools.result import Result


def check_study(app: App, step: Study) -> list[Score]:
    """Run it on the present state and judge it. What a person cannot have typed, a fault inside, is not caught here."""
    person = Impatience(step.stop_after)
    try:
        result = _run(app, step, person)
    except AeipError as error:
        return [*check_error(error, step.expect), *person.scores()]
    scores = [judged("study", step.expect.fails is None, f"expected {step.expect.fails or 'a result'}, found: {result.headline()}")]
    scores += _says(result.headline(), step.expect)
    found = result.model_dump(mode="json")
    return [*scores, *(check_found(step.study, found, fact) for fact in step.expect.facts), *person.scores()]


def check_error(error: AeipError, expected: Studied) -> list[Score]:
    """The error named, in one line that ends as a sentence does."""
    name, told = type(error).__name__, str(error)
    scores = [judged("study", name == expected.fails, f"expected {expected.fails or 'a result'}, found {name}: {told}")]
    return [*scores, judged("sentence", "\n" not in told and told.endswith("."), f"one sentence: {told!r}"), *_says(told, expected)]


def _run(app: App, step: Study, person: Impatience) -> Result:
    watch = Watch(cancelled=person.has_had_enough, progress=person.told)
    return run_study(step.study, step.args, app.study_context(step.grid, watch=watch))


def _says(sentence: str, expected: Studied) -> list[Score]:
    return [judged("says", words in sentence, f"'{words}' in: {sentence}") for words in expected.says]
