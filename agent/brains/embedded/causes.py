"""Does a sentence ask why a branch is loaded, who loads it, or what would relieve it?"""

from collections.abc import Sequence
from itertools import pairwise

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.queries import query
from agent.brains.embedded.references import PLACEHOLDERS
from agent.brains.embedded.replies import example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)
_SOURCES = word_class("causes.sources")
_ACTING = frozenset({"effect", "influence", "impact", "affect", "affects", "act", "acts"})
_WHETHER = word_class("queries.auxiliaries")
_WHO = frozenset({"what", "which", "who"})
_SHORT = 4  # words: 'and why is that'


def cause(sentence: Sentence, spoken: Sequence[Spoken], memory: Memory, registry: Registry, pointed: Sequence[str]) -> Understood | None:
    """The frame of an explanation, an honest refusal where only something else than a loading could be meant, or None."""
    wanted = (sentence.has("cause") and not _asks_whether(sentence)) or _loads_it(sentence) or (not spoken and _asks_indirectly(sentence))
    if not wanted or of_mood(spoken, *(m for m in Mood if m not in (Mood.HYPOTHETICAL, Mood.QUESTION))):
        return None
    changes = tuple(dict.fromkeys(s.change for s in spoken))
    if any(c.needs_target or c.needs_amount for c in changes) or sentence.has("n1", "outages:pairs"):
        return None
    changed = {c.element for c in changes}
    named = [n for m in sentence.mentions if not m.excluded for n in m.elements if n not in changed]
    branches = [n for n in (*named, *pointed) if is_branch(n, registry)]
    if named and not branches:
        return None if sentence.has("loading", "flow") else _refused(sentence)
    if branches or spoken or not _is_bare(sentence):
        return _explained(sentence, registry, branches, changes)
    last = memory.latest.frame if memory.latest else None
    if last is not None and (last.intent is Intent.VOLTAGES or last.topic in ("voltages", "voltage")):
        return Frame(intent=Intent.UNBUILT, topic="voltage_causes")
    changes = last.changes if last is not None and last.intent in (Intent.WHAT_IF, Intent.EXPLAIN) else ()
    return _explained(sentence, registry, _remembered(memory, registry, changes), changes)


def _asks_indirectly(sentence: Sentence) -> bool:
    """'What would relieve', 'what loads', 'how much of the flow is wind'; other remedies are refused elsewhere."""
    makes = sentence.has("loading", "overload") and any(a.word == "what" and b.lemma == "make" for a, b in pairwise(sentence.tokens))
    return makes or (sentence.has("relief") and not sentence.has("unbuilt:remedial")) or _asks_shares(sentence)


def _explained(sentence: Sentence, registry: Registry, branches: Sequence[str], changes: tuple[Change, ...]) -> Understood | None:
    frame = query(Intent.EXPLAIN, sentence, registry).model_copy(
        update={"elements": tuple(branches[:1]), "changes": changes, "topic": "relief" if sentence.has("relief") else ""}
    )
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    if branches:
        return frame
    if sentence.has("loading", "overload") and not sentence.has("voltage", "outage"):
        return frame.model_copy(update={"kind": frame.kind if frame.kind in ("line", "transformer") else None})
    if sentence.has("relief"):
        return Ask(text=say("which_branch", example=example(registry)), missing="element", frame=frame)
    return _refused(sentence)


def _refused(sentence: Sentence) -> Frame | None:
    """Voltages, losses and the rest are not explained; a sentence that asks for no reason is none of ours."""
    if not _asks_why(sentence):
        return None
    return Frame(intent=Intent.UNBUILT, topic="voltage_causes" if sentence.has("voltage") else "other_causes")


def _asks_whether(sentence: Sentence) -> bool:
    """'Would taking trafo 5 out cause any overloads?' asks for an effect, not for a cause."""
    others = any(h.concept == "cause" and sentence.tokens[h.start].lemma != "cause" for h in sentence.hits)
    asks = sentence.tokens[0].word in _WHETHER or _asks_what_it_causes(sentence)
    return not others and asks and not _asks_why(sentence)


def _asks_what_it_causes(sentence: Sentence) -> bool:
    """'What would its outage cause', 'which overloads does the loss of line 14 cause': the verb stands behind its subject."""
    words = [(t.word, t.form) for t in sentence.tokens]
    return any(
        word == "cause" and form == "base" and not _WHETHER.isdisjoint(w for w, _ in words[:i]) for i, (word, form) in enumerate(words)
    )


def _asks_why(sentence: Sentence) -> bool:
    """'Why', 'the reason for', 'what causes': not 'does losing an infeed cause trouble'."""
    causes = any(a.word in ("what", "which") and b.lemma == "cause" for a, b in pairwise(sentence.tokens))
    return causes or not sentence.words.isdisjoint({"why", "reason", "responsible"})


def is_branch(name: str, registry: Registry) -> bool:
    """Can the loading of what has this name be explained?"""
    return name in PLACEHOLDERS or any(e.kind in _BRANCHES for e in registry.exact(name))


def _is_bare(sentence: Sentence) -> bool:
    """'Why?' and 'and why is that?' point to the answer before."""
    return sum(t.word.isalpha() for t in sentence.tokens) <= _SHORT and not sentence.has("voltage", "losses")


def _remembered(memory: Memory, registry: Registry, changes: Sequence[Change]) -> tuple[str, ...]:
    """What the last answer was about, else the first branch it listed; after a what-if not what failed in it."""
    changed = {c.element for c in changes}
    return tuple(n for n in (*memory.about, *memory.listed) if n not in changed and is_branch(n, registry))[:1]


def _loads_it(sentence: Sentence) -> bool:
    """'What loads trafo 3', 'which generators load line 54': the verb stands right before the name."""
    for mention in sentence.mentions:
        before = [i for i in range(mention.start) if sentence.tokens[i].word != "the"]
        if not before or sentence.tokens[before[-1]].lemma != "load":
            continue
        asked = not _WHO.isdisjoint(sentence.tokens[i].word for i in (0, *before[-2:-1]))
        many = sentence.tokens[max(before[-1] - 1, 0)].form == "s"
        if asked and (many or sentence.tokens[before[-1]].form == "s"):
            return True
    return False


def _asks_shares(sentence: Sentence) -> bool:
    """'How much of the flow on trafo 2 is wind?': a flow or an effect, a source, and a question for shares."""
    source = sentence.has("wind", "pv", "generation") or any(ElementKind.GENERATOR in k.kinds for k in sentence.kinds)
    asks = not sentence.words.isdisjoint(_SOURCES)
    acts = sentence.has("flow") or not sentence.words.isdisjoint(_ACTING)
    return source and asks and acts and bool(sentence.mentions)
