"""'And since noon?', 'only the unacknowledged ones', 'with a threshold of 4': the last question about the live grid, varied."""

from agent.brains.embedded.alerts import status_asked
from agent.brains.embedded.estimates import age_asked, aspect, bad_data_asked, residual_asked
from agent.brains.embedded.features import top_count
from agent.brains.embedded.frame import Frame, Intent, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.since import since_asked
from agent.brains.embedded.trends import TOTALS, kept_of, quantity_of, said_quantity
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_OPENERS = word_class("again.openers")
_ASKING = word_class("again.asking")
_WHOLE = word_class("again.whole")
_POINTING = frozenset({"those", "these", "the", "just", "only"})
_LONGEST = 10  # words: a longer sentence says itself what it wants
_FRAGMENT = 4


def watched_again(last: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    """The last frame with its element, time, quantity, status or settings replaced; None where the sentence varies none of them."""
    text = " ".join(t.word for t in sentence.tokens)
    opened = sentence.tokens[0].word in _OPENERS or text.startswith(("what about", "how about"))
    narrowed = "only" in sentence.words and sentence.tokens[0].word in _POINTING  # 'those for bus 12 only'
    elliptic = opened or narrowed or (len(sentence.tokens) <= _FRAGMENT and sentence.tokens[0].word not in _ASKING)
    vary = {Intent.HISTORY: _history, Intent.ALARMS: _alarms, Intent.ESTIMATE: _estimate}.get(last.intent)
    if vary is None or not elliptic or len(sentence.tokens) > _LONGEST:
        return None
    names = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements))
    told = vary(last, sentence, names, registry)
    if told is None and not sentence.mentions:
        return None
    frame = last.model_copy(update={**(told or {}), "then": None})
    return name_problem(sentence, frame) or frame


def _history(last: Frame, sentence: Sentence, names: tuple[str, ...], registry: Registry) -> dict[str, object] | None:
    since, said = since_asked(sentence.text), None if _speaks_of_many(sentence) else said_quantity(sentence)
    whole = not sentence.words.isdisjoint(_WHOLE)
    if not (since or said or names or whole):
        return None
    alike = kept_of(names, registry) == kept_of(last.elements, registry)
    other = quantity_of(sentence, names, registry) if names and not alike else None
    elements = names or (() if whole and (said or last.topic) in TOTALS else last.elements)
    return {"since": since or last.since, "topic": said or other or last.topic, "elements": elements}


def _speaks_of_many(sentence: Sentence) -> bool:
    """'And the voltages?' asks for those of now."""
    return any(k.plural for k in sentence.kinds) or any(
        h.concept == "voltage" and sentence.tokens[h.start].form == "s" for h in sentence.hits
    )


def _alarms(last: Frame, sentence: Sentence, names: tuple[str, ...], registry: Registry) -> dict[str, object] | None:
    status, top = status_asked(sentence), top_count(sentence)
    whole = not sentence.words.isdisjoint(_WHOLE) and bool(last.elements)
    if not (status or names or top or whole):
        return None
    elements = names[:1] or (() if whole else last.elements)
    return {"topic": status or last.topic, "elements": elements, "top": top or last.top}


def _estimate(last: Frame, sentence: Sentence, names: tuple[str, ...], registry: Registry) -> dict[str, object] | None:
    said: dict[str, object] = {
        "bad_data": bad_data_asked(sentence),
        "residual": residual_asked(sentence) or _bare(last, sentence),
        "max_age_s": age_asked(sentence),
        "topic": aspect(sentence) or ("element" if names else None),
        "elements": names or None,
        "top": top_count(sentence),
    }
    given = {key: value for key, value in said.items() if value is not None}
    return given or None


def _bare(last: Frame, sentence: Sentence) -> float | None:
    """'And with 5?' after a threshold."""
    bare = [q.value for q in sentence.quantities if not q.unit and q.value > 0]
    return bare[0] if last.residual is not None and len(bare) == 1 and age_asked(sentence) is None else None
