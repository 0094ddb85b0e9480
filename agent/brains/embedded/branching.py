"""'If line 54 is above 60 %, explain it, otherwise show the alarms': a condition on a present value, and what follows either way."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.brains.embedded.frame import Frame, Intent, Threshold, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.references import referred
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

One = Callable[[Sentence, Memory], Understood]
_CHECKING = word_class("branching.checking")
_MARKING = word_class("branching.marking")
_FIELDS = {"percent": "loading_percent", "pu": "vm_pu", "mw": "p_mw", "ka": "current_ka"}
_OTHERWISE = (("otherwise",), ("else",), ("if", "not"))
_SO = (("if", "so"), ("if", "yes"), ("in", "that", "case"), ("then",), ("if", "it", "is"), ("if", "that", "is", "so"))
_STOPS = frozenset(",;.?:")


@dataclass(frozen=True)
class _Parts:
    condition: str
    consequence: str
    alternative: str
    plain: bool  # 'if ..., ...' without an alternative


def branching(sentence: Sentence, memory: Memory, one: One, registry: Registry) -> Frame | None:
    """The check with what follows; None where no present value of one element decides. Each part is read by itself and keeps its mood."""
    parts = _parts(sentence)
    if parts is None:
        return None
    checked = _checked(read(parts.condition, registry), memory, registry)
    if checked is None:
        return None
    about = replace(memory, latest=None, about=checked.elements, listed=checked.elements, told=None)
    then = one(read(parts.consequence, registry), about) if parts.consequence else None
    otherwise = one(read(parts.alternative, registry), about) if parts.alternative else None
    if not all(f is None or isinstance(f, Frame) for f in (then, otherwise)) or then is otherwise:
        return None
    if parts.plain and isinstance(then, Frame) and then.intent in (Intent.ACT, Intent.WHAT_IF):
        return None  # an order on a condition has its own way, and 'if line 14 is at 90 %' may be imagined
    return checked.model_copy(update={"then": then, "otherwise": otherwise})


def _checked(condition: Sentence, memory: Memory, registry: Registry) -> Frame | None:
    """One element and one bound of it."""
    bounds = [q for q in condition.quantities if q.relation in ("above", "below") and q.unit in _FIELDS]
    names = (
        tuple(n for m in condition.mentions for n in m.elements)
        or referred(condition, range(len(condition.tokens)), memory, registry)
        or ()
    )
    if len(bounds) != 1 or len(names) != 1:
        return None
    bound = Threshold(field=_FIELDS[bounds[0].unit], op=">" if bounds[0].relation == "above" else "<", value=bounds[0].value)
    return Frame(intent=Intent.CHECK, elements=names, threshold=bound, yes_no=True)


def _parts(sentence: Sentence) -> _Parts | None:
    """The condition up to the next stop, what follows it, and what follows otherwise."""
    words = [t.word for t in sentence.tokens]
    start = next((i for i, w in enumerate(words) if w in _MARKING), None)
    if start is None or (start > 0 and words[start - 1] not in _STOPS and _CHECKING.isdisjoint(words[:start])):
        return None
    stop = next((i for i in range(start + 1, len(words)) if words[i] in _STOPS or words[i] == "then"), None)
    if stop is None:
        return None
    begin = _past(words, stop, _SO)
    if _past(words, stop, _OTHERWISE) > _past(words, stop, ()):  # 'check whether ...; if not, ...'
        return _Parts(_text(sentence, start + 1, stop), "", _text(sentence, _past(words, stop, _OTHERWISE), len(words)), False)
    other = next((i for i in range(begin + 1, len(words)) if any(tuple(words[i : i + len(o)]) == o for o in _OTHERWISE)), len(words))
    after = _past(words, other, _OTHERWISE)
    consequence, alternative = _text(sentence, begin, other), _text(sentence, after, len(words))
    plain = words[start] != "whether" and not alternative and begin == stop + 1
    return _Parts(_text(sentence, start + 1, stop), consequence, alternative, plain) if consequence else None


def _past(words: list[str], i: int, joints: tuple[tuple[str, ...], ...]) -> int:
    """The first token after stops, 'and' and one of the joints."""
    while i < len(words) and (words[i] in _STOPS or words[i] == "and"):
        i += 1
    joint = max((j for j in joints if tuple(words[i : i + len(j)]) == j), key=len, default=())
    i += len(joint)
    while i < len(words) and words[i] in _STOPS:
        i += 1
    return i


def _text(sentence: Sentence, begin: int, end: int) -> str:
    if begin >= end:
        return ""
    return sentence.text[sentence.tokens[begin].start : sentence.tokens[end - 1].end].rstrip(" ,;.:")
