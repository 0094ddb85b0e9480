"""Which outages does a question mean: one or two at a time, of which kinds, and by which method?"""

from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.kinds_pointed import pointed_kinds, restricted_kinds
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_CLASSES = {
    ElementKind.LINE: "lines",
    ElementKind.TRANSFORMER: "transformers",
    ElementKind.THREE_WINDING: "three-winding transformers",
    ElementKind.GENERATOR: "generators",
    ElementKind.INFEED: "infeeds",
    ElementKind.BUS: "busbars",
}
_ANY = frozenset({"each", "every", "any"})
_JOINING = frozenset({"and", "or", ",", "&", "the", "of", "all"})
_REACH = 6  # tokens
_BETWEEN = word_class("outage_choice.between")


def outage_fields(sentence: Sentence) -> dict[str, object]:
    """`level`, `classes` and `method` of a contingency question, and the topic 'elements' where the overloaded branches are counted."""
    fields: dict[str, object] = {"level": 2 if sentence.has("outages:pairs") else 1, "classes": kinds_that_fail(sentence)}
    if sentence.has("outages:often") and sentence.has("overload", "loading"):
        fields["topic"] = "elements"
    return fields


def method_asked(sentence: Sentence) -> str | None:
    """'dc' or 'fast_decoupled' where the sentence names that method."""
    return next((m for m in ("fast_decoupled", "dc") if sentence.has(f"method:{m}")), None)


def kinds_that_fail(sentence: Sentence, *, any_kind: bool = False) -> tuple[str, ...]:
    """'Generator outages', 'loss of any machine', 'N-1 for lines' as class words; not what overloads, unless `any_kind`."""
    if sentence.has("outages:double_circuit") and not sentence.mentions:
        return ("double circuits",)
    if sentence.has("outages:everything"):
        return ("all",)
    if sentence.has("outages:pairs"):
        return ()
    named = {m.start for m in sentence.mentions}  # the 'infeed' of 'infeed EHV Ext_grid 9' is no kind in general
    failing = [k for k in sentence.kinds if k.end not in named and (any_kind or _fails(sentence, k))]
    failing += [k for k in sentence.kinds if k not in failing and k.end not in named and _is_joined(sentence, failing, k)]
    connected = sentence.has("topology:bridges")  # 'which lines are radial, so that losing them splits the grid' explains the word
    failing = failing or ([] if connected else [*pointed_kinds(sentence)]) or ([*restricted_kinds(sentence)] if sentence.has("n1") else [])
    return tuple(dict.fromkeys(_CLASSES[kind] for k in failing for kind in k.kinds if kind in _CLASSES))


def _is_singled_out(sentence: Sentence, kind: KindWord) -> bool:
    """'N-1, lines only', 'N-1 of all lines': the kind is what such a study is limited to."""
    before = sentence.tokens[kind.start - 1].word if kind.start else ""
    after = sentence.tokens[kind.end].word if kind.end < len(sentence.tokens) else ""
    return kind.plural and (after in ("only", "alone") or before in ("only", "just", "all"))


def _fails(sentence: Sentence, kind: KindWord) -> bool:
    """The noun or verb of an outage stands right after the kind, or before it with nothing but small words between."""
    any_of_it = kind.start > 0 and sentence.tokens[kind.start - 1].word in _ANY
    concepts = ("outage", "n1", *(("particle:event", "particle:open", "verb:open") if any_of_it else ()))  # 'take every line out'
    events = [h for h in sentence.hits if h.concept in concepts]
    if sentence.has("n1") and _is_singled_out(sentence, kind):
        return True
    for event in events:
        if event.start == kind.end or _is_screened(sentence, kind.end, event.start):
            return True
        between = sentence.tokens[event.end : kind.start]
        if event.end <= kind.start <= event.end + _REACH and all(t.among(_BETWEEN | {"method", "dc"}) for t in between):
            return True
    return False


def _is_joined(sentence: Sentence, failing: list[KindWord], kind: KindWord) -> bool:
    """'N-1 for generators and transformers': the second as the first."""
    return any(
        first.end < kind.start and {t.word for t in sentence.tokens[first.end : kind.start]} <= _JOINING
        for first in failing
        if first.plural
    )


def _is_screened(sentence: Sentence, start: int, end: int) -> bool:
    """'The transformers for single faults'."""
    words = [t.word for t in sentence.tokens[start:end]]
    return words[:1] == ["for"] and set(words) <= {"for", "single", "all", "any", "the"}


def busbar_outage(frame: Frame, registry: Registry) -> Frame:
    """A what-if in which a busbar fails is an outage study: a busbar takes everything at it along, so no switching says it."""
    opened = tuple(c.element for c in frame.changes if c.kind == "open" and c.element)
    if not any(e.kind is ElementKind.BUS for name in opened for e in registry.exact(name)):
        return frame
    others = tuple(c for c in frame.changes if c.element not in opened)
    chosen = {"elements": opened, "groups": ()} if len(opened) == 1 else {"elements": (), "groups": (opened,)}
    return frame.model_copy(update={"intent": Intent.N1, "changes": others, **chosen})
