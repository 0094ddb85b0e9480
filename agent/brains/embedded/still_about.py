"""'And temperature wise?', 'which has the most headroom': a short question without a subject is still about the one before it."""

from agent.brains.embedded.frame import Frame, Intent, Understood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.thermal_said import is_transformer
from grid_models.twin.registry import Registry

_RANKED = (Intent.LOADINGS, Intent.LIST)
_BRANCHES = ("line", "transformer")
_SHORT = 7  # words


def still_about(understood: Understood, sentence: Sentence, last: Frame | None, registry: Registry) -> Understood:
    """The question with the transformer, or the kind of branch, that the last one was about; whatever names its own stays as it is."""
    words = [t.word for t in sentence.tokens if t.word[0].isalnum()]
    if last is None or not isinstance(understood, Frame) or sentence.mentions or sentence.kinds or len(words) > _SHORT:
        return understood
    transformers = last.intent is Intent.DETAIL and len(last.elements) == 1 and is_transformer(last.elements[0], registry)
    if understood.intent is Intent.THERMAL and not understood.elements and transformers and words[0] == "and":
        return understood.model_copy(update={"elements": last.elements})
    ranks = understood.intent is Intent.LOADINGS and words[0] == "which" and last.intent in _RANKED
    return understood.model_copy(update={"kind": last.kind}) if ranks and last.kind in _BRANCHES else understood
