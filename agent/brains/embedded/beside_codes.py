"""'Are we inside the voltage limits of SO GL now?': a study of the grid, and what the code says beside it."""

from collections.abc import Callable

from agent.brains.embedded.codes_named import names_code, without_codes
from agent.brains.embedded.frame import Frame, Intent, Understood
from agent.brains.embedded.lookup_evidence import asks_of_the_present, asks_what_is_said, by_standard, without_comparison
from agent.brains.embedded.lookups import lookup_frame, with_kinds
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.steps import Step
from agent.brains.embedded.thermal_said import method_said
from grid_models.twin.registry import Registry

One = Callable[[Sentence], Understood]
_STUDIED = frozenset(
    {
        *(
            Intent.STATE,
            Intent.LOADINGS,
            Intent.VOLTAGES,
            Intent.DETAIL,
            Intent.CHECK,
            Intent.WHAT_IF,
            Intent.N1,
            Intent.EXPLAIN,
            Intent.LIST,
        ),
        *(Intent.THERMAL, Intent.CASCADE, Intent.FREQUENCY, Intent.ESTIMATE, Intent.HISTORY, Intent.ALARMS, Intent.COUNT, Intent.TOPOLOGY),
    }
)


def beside_codes(sentence: Sentence, parts: tuple[Step, ...], one: One, registry: Registry) -> Frame | None:
    """The study with the search behind it; None where the message is not both."""
    study = _of_parts(parts, one, registry) if parts else _held_against(sentence, one, registry)
    if not isinstance(study, Frame) or study.intent not in _STUDIED or study.then is not None:
        return None
    return study.model_copy(update={"then": lookup_frame(sentence, without_comparison(with_kinds(sentence)))})


def _of_parts(parts: tuple[Step, ...], one: One, registry: Registry) -> Understood | None:
    """'How loaded is trafo 1, and what does IEC 60076-7 allow?': the one step that asks no document."""
    read_parts = [read(part.text, registry) for part in parts]
    of_grid = [part for part in read_parts if not asks_what_is_said(part)]
    if len(of_grid) != 1 or len(read_parts) != 2:
        return None
    (asked,) = of_grid
    return _held_against(asked, one, registry) if names_code(asked.text) or asked.has("knowledge:source") else one(asked)


def _held_against(sentence: Sentence, one: One, registry: Registry) -> Understood | None:
    """The question of the grid, without the document that it is held against."""
    if not (names_code(sentence.text) or sentence.has("knowledge:source")) or not asks_of_the_present(sentence) or by_standard(sentence):
        return None
    if method_said(sentence) and sentence.mentions:
        return None  # 'trafo 2 at 120 % by IEEE clause 7': how it is calculated, not what it is held against
    hits = [h for h in sentence.hits if h.concept == "knowledge:source"]
    text = sentence.text
    for hit in reversed(hits):
        text = f"{text[: sentence.tokens[hit.start].start]}limits{text[sentence.tokens[hit.end - 1].end :]}"
    return one(read(without_codes(text), registry))
