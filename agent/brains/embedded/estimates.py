"""Does a sentence ask whether the measurements can be trusted? What of them, and how is it to be estimated?"""

import re
from collections.abc import Sequence
from typing import Literal

from agent.brains.embedded.features import top_count
from agent.brains.embedded.frame import Frame, Intent, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.places import places_in
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.since import span_s
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_OPENING = word_class("trends.opening")
_DENYING = word_class("estimates.denying")
_SEARCHING = word_class("estimates.searching")
_KEEPING = word_class("estimates.keeping")
_MARKING = word_class("estimates.marking")
_REMOVING = word_class("estimates.removing")
_BOUNDING = word_class("estimates.bounding")
# what the answer begins with, the most special first
_ASPECTS = (
    ("live:unseen", "observability"),
    ("live:age", "age"),
    ("live:critical", "critical"),
    ("live:redundancy", "redundancy"),
    ("live:residual", "residuals"),
    ("live:quality", "quality"),
)


def estimate_frame(sentence: Sentence, registry: Registry, pointed: Sequence[str] = ()) -> Understood:
    """The frame of a state estimation; `topic` is what of it is asked, by the names that the writer knows."""
    named = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements))
    places = tuple(p.name for p in places_in(sentence, registry))
    frame = Frame(
        intent=Intent.ESTIMATE,
        topic=("element" if named and _of_its_meter(sentence) else aspect(sentence))
        or ("element" if named else "bad_data" if sentence.has("live:doubt") else ""),
        elements=(*named, *places) or tuple(pointed),
        top=top_count(sentence),
        bad_data=bad_data_asked(sentence),
        residual=residual_asked(sentence),
        max_age_s=age_asked(sentence),
        yes_no=sentence.tokens[0].word in _OPENING,
    )
    return name_problem(sentence, frame) or frame


def aspect(sentence: Sentence) -> str | None:
    return next((name for concept, name in _ASPECTS if sentence.has(concept)), None)


def _of_its_meter(sentence: Sentence) -> bool:
    """Of one element is asked whether its meter is right, not how good the whole estimate is."""
    return aspect(sentence) in (None, "quality", "residuals")


def bad_data_asked(sentence: Sentence) -> Literal["flag", "ignore", "remove"] | None:
    """'Only flag them' and 'do not remove them' name bad data; 'keep it in' and 'without a search' do not even look for it."""
    words = {w for t in sentence.tokens for w in (t.word, t.lemma)}
    denied = bool(words & _DENYING)
    if words & _MARKING or (words & _REMOVING and denied):
        return "flag"
    if words & _KEEPING or (denied and "bad" in words and words & _SEARCHING):
        return "ignore"
    return "remove" if words & _REMOVING else None


def residual_asked(sentence: Sentence) -> float | None:
    """The 4 of 'with a threshold of 4', 'residuals above 4', '4 sigma'."""
    if not {t.lemma for t in sentence.tokens} & _BOUNDING or top_count(sentence) is not None:
        return None
    return next((q.value for q in sentence.quantities if not q.unit and q.value > 0 and not _is_span(sentence, q.end)), None)


def age_asked(sentence: Sentence) -> float | None:
    """Seconds beyond which a measurement is too old, where the sentence names a span."""
    return span_s(sentence.text)


def _is_span(sentence: Sentence, after: int) -> bool:
    return after < len(sentence.tokens) and bool(re.fullmatch(r"s|sec\w*|m|min\w*|h|hours?", sentence.tokens[after].word))
