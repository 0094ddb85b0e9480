"""Does a sentence ask how the grid is connected, and what exactly? Isolating is told here only when the person asks how it is done."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.features import features
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.outage_choice import kinds_that_fail
from agent.brains.embedded.places import Named, places_in
from agent.brains.embedded.replies import example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.places import PlaceKind
from grid_models.twin.registry import ElementKind, Registry

_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)
_LINKING = word_class("connections.linking")
_MANNER = word_class("connections.manner")
_CUTTING = word_class("connections.cutting")
_OBLIGED = word_class("connections.obliged")
_TOUCHING = word_class("connections.touching")
_STEPS = word_class("connections.steps")
_STAYING = word_class("connections.staying")
_ACTORS = frozenset({"i", "we", "you", "one"})
_OF_STEPS = frozenset({"to", "for", "of", "that", "by"})
_SUPPOSING = frozenset({"if", "suppose", "assume", "happens"})
_NOT_ASKED = (Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED)


def connection(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str] = ()) -> Understood | None:
    """The frame of a question about connections where the sentence clearly is one; None for anything else."""
    if _names_isolation(sentence) and not of_mood(spoken, Mood.NEGATED):
        return _isolation(sentence, registry, pointed)
    if _asks_for_bridges(sentence, spoken):
        return topology("bridges", sentence, registry, pointed)
    if of_mood(spoken, *_NOT_ASKED):
        return None
    if asks_how_to_isolate(sentence, spoken):
        return _isolation(sentence, registry, pointed)
    changes = _imagined(spoken)
    if changes is None or sentence.has("n1", "outages:pairs") or any(c.needs_target or c.needs_amount for c in changes):
        return None
    query = _query(sentence, registry, changes, pointed)
    return topology(query, sentence, registry, pointed, changes) if query else None


def topology(
    query: str, sentence: Sentence, registry: Registry, pointed: Sequence[str] = (), changes: tuple[Change, ...] = ()
) -> Understood:
    """The frame of one of the six queries, or the question that brings what it lacks."""
    if query == "isolate":
        return _isolation(sentence, registry, pointed)
    frame = Frame(intent=Intent.TOPOLOGY, topic=query, changes=changes, metric=_metric(sentence), yes_no=_yes_no(sentence))
    places = places_in(sentence, registry)
    problem = None if query == "ties" else name_problem(sentence, frame)
    if problem is not None:
        return problem
    if query == "ties":
        return frame.model_copy(update={"elements": tuple(p.name for p in places if p.kind is PlaceKind.AREA)[:2]})
    ends = _ends(sentence, places, changes) or tuple(pointed)
    if query == "path" and len(ends) < 2:
        return Ask(text=say("which_ends"), missing="element", frame=frame.model_copy(update={"elements": ends}))
    if query == "neighbours" and not ends:
        return Ask(text=say("which_element", example=example(registry)), missing="element", frame=frame)
    if query == "bridges":
        ends = tuple(n for n in ends if any(e.kind in _BRANCHES for e in registry.exact(n)))
    return frame.model_copy(update={"elements": ends[: 2 if query == "path" else 1]})


def topic_of(sentence: Sentence) -> str:
    """The query that the words speak for, where no structure of the sentence decides."""
    topics = [t for t in ("ties", "bridges", "islands", "path", "neighbours") if sentence.has(f"topology:{t}")]
    return topics[0] if topics else "islands" if sentence.has("lost_load") else "ties"


def asks_how_to_isolate(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    """'How do I isolate', 'which breakers must be opened to', 'steps to isolate': the manner is asked for, nothing is ordered."""
    if of_mood(spoken, *_NOT_ASKED) or sentence.has("relief", "loading") or sentence.words & {"if", "effect", "happens"}:
        return False
    of_kind = {i for k in sentence.kinds for i in range(k.start, k.end)}  # 'list the switches' cuts nothing
    said = [t for i, t in enumerate(sentence.tokens) if i not in of_kind and not sentence.mention_at(i)]
    cutting = any(t.lemma in _CUTTING or t.lemma == "dead" for t in said)
    opening = any(t.lemma == "open" and t.form != "ing" for t in sentence.tokens)
    if _asks_manner(sentence) or _names_steps(sentence):
        return cutting
    return (cutting or opening) and _asks_means(sentence) and bool(sentence.mentions)


def _names_isolation(sentence: Sentence) -> bool:
    """'Points of isolation for', 'the isolation plan of': a noun that is told, whatever is polite about it."""
    nouns = [i for i, t in enumerate(sentence.tokens) if t.word in ("isolation", "deenergisation") and not sentence.mention_at(i)]
    return any(t.lemma in _STEPS for i in nouns for t in sentence.tokens[max(i - 2, 0) : i + 2])


def _names_steps(sentence: Sentence) -> bool:
    """'Steps to isolate', 'a plan for disconnecting', 'the disconnection sequence'; 'we plan to take it out' and 'step 0' are none."""
    for i, token in enumerate(sentence.tokens):
        counted = any(q.start in (i, i + 1) and q.unit in ("", "step") for q in sentence.quantities)
        if token.lemma not in _STEPS or token.form not in ("base", "s") or counted or sentence.mention_at(i):
            continue
        behind = sentence.tokens[i + 1 : i + 6]
        joined = bool(behind) and behind[0].word in _OF_STEPS and any(t.lemma in _CUTTING or t.lemma == "dead" for t in behind)
        told = i > 0 and sentence.tokens[i - 1].lemma in _CUTTING
        acts = i > 0 and sentence.tokens[i - 1].word in _ACTORS
        if (joined and not acts) or told:
            return True
    return False


def _asks_for_bridges(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    """'Radial circuits, one fault and they are dead': what a fault would do explains the word; 'outages of radial lines' are studied."""
    if not sentence.has("topology:bridges") or kinds_that_fail(sentence) or sentence.has("n1") or sentence.words & _SUPPOSING:
        return False
    return all(s.change.needs_target and s.use is not None and s.use.act in ("event", "be_out") for s in spoken)


def _asks_manner(sentence: Sentence) -> bool:
    """'How do I', 'where should we', 'how would you'; 'how would line 14' asks for an effect."""
    words = [(t.word, t.lemma) for t in sentence.tokens]
    asked = [i for i, (word, _) in enumerate(words[:-1]) if word in ("how", "where")]
    return any(words[i + 1][1] in _MANNER or (words[i + 1][0] in ("would", "will") and words[i + 2][0] in _ACTORS) for i in asked)


def _asks_means(sentence: Sentence) -> bool:
    """'Which switches ...' or 'what do I have to open ...'."""
    tokens = sentence.tokens
    asked = next((i for i, t in enumerate(tokens) if t.word in ("which", "what")), None)
    if asked is None:
        return False
    switches = any(k.kinds == (ElementKind.SWITCH,) and 0 < k.start - asked <= 3 for k in sentence.kinds)
    rest = [t for t in tokens[asked:] if t.word.isalpha()]
    doing = any(a.lemma == "do" and b.word in _ACTORS for a, b in pairwise(rest))  # 'what do I open to get it out'
    obliged = tokens[asked].word == "what" and (doing or any(t.lemma in _OBLIGED for t in rest)) and any(t.lemma == "open" for t in rest)
    return (switches and not sentence.words.isdisjoint({*_OBLIGED, *_CUTTING})) or obliged


def _isolation(sentence: Sentence, registry: Registry, pointed: Sequence[str]) -> Understood:
    frame = Frame(intent=Intent.TOPOLOGY, topic="isolate")
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    ends = _ends(sentence, places_in(sentence, registry), ()) or tuple(pointed)
    if not ends:
        return Ask(text=say("which_element", example=example(registry)), missing="element", frame=frame)
    return frame.model_copy(update={"elements": ends[:1]})


def _imagined(spoken: Sequence[Spoken]) -> tuple[Change, ...] | None:
    """The what-if changes; None where something else than imagining is meant. 'How is A connected to B' connects nothing."""
    real = [s for s in spoken if not (s.use and s.use.verb in _LINKING)]
    if any(s.mood not in (Mood.HYPOTHETICAL, Mood.QUESTION) for s in real):
        return None
    return tuple(dict.fromkeys(s.change for s in real))


def _query(sentence: Sentence, registry: Registry, changes: tuple[Change, ...], pointed: Sequence[str]) -> str | None:
    places = places_in(sentence, registry)
    ends = _ends(sentence, places, changes) or tuple(pointed)
    linked = any(t.lemma in _LINKING for i, t in enumerate(sentence.tokens) if not sentence.mention_at(i))
    if len({p.name for p in places if p.kind is PlaceKind.AREA}) > 1 or (not ends and "areas_linked" in features(sentence)):
        return "ties"
    if len(ends) > 1 and (sentence.has("topology:path") or linked or _counts_between(sentence) or _leads_from_to(sentence)):
        return "path"
    if len(ends) == 1 and (sentence.has("topology:neighbours") or _feeds(sentence)):
        return "neighbours"
    split = (sentence.has("topology:islands") and (bool(changes) or not sentence.has("outage"))) or (bool(changes) and _stays(sentence))
    return "islands" if split and (changes or not ends) else None


def _counts_between(sentence: Sentence) -> bool:
    """'How many lines are between bus 2 and bus 6'."""
    return "between" in sentence.words and sentence.has("count") and bool(sentence.kinds)


def _leads_from_to(sentence: Sentence) -> bool:
    """'Which lines would I follow from bus 4 to bus 17', but not 'the flow from bus 4 to bus 17'."""
    ends = [(sentence.tokens[m.start - 1].word, m) for m in sentence.mentions[:2] if m.start]
    joined = [word for word, _ in ends] in (["from", "to"], ["between", "and"])
    return joined and bool(sentence.kinds) and not sentence.has("voltage", "flow", "loading", "losses", "current", "columns:angle")


def _stays(sentence: Sentence) -> bool:
    """'Is bus 39 still connected if', 'does it stay together with'."""
    lemmas = {t.lemma for t in sentence.tokens} | sentence.words
    return not lemmas.isdisjoint(_STAYING) and not lemmas.isdisjoint({"connect", "connected", "together", "linked", "reach", "reachable"})


def _feeds(sentence: Sentence) -> bool:
    """'What feeds bus 30', 'which lines leave bus 16', 'by how many lines is bus 12 fed': the verb right beside the name."""
    if sentence.words.isdisjoint(("what", "which", "who", "how")):
        return False
    pronouns = [(i, i + 1) for i, t in enumerate(sentence.tokens) if t.word == "it"]
    for start, end in [(m.start, m.end) for m in sentence.mentions[:1]] or pronouns[:1]:
        before = [t for t in sentence.tokens[:start] if t.word != "the"]
        joint = before[:-1] if before and before[-1].word in ("to", "at", "off", "from", "on", "into") else before
        after = sentence.tokens[end : end + 1]
        fed = bool(after) and after[0].lemma in _TOUCHING and after[0].form == "ed" and bool(sentence.kinds)
        return fed or (bool(joint) and joint[-1].lemma in _TOUCHING)
    return False


def _ends(sentence: Sentence, places: Sequence[Named], changes: Sequence[Change]) -> tuple[str, ...]:
    """The elements and places named, in order, without those that are imagined to change and the switches asked for."""
    changed = {c.element for c in changes}
    named = [(m.start, n) for m in sentence.mentions if not m.excluded for n in m.elements if n not in changed]
    spoken = [(p.start, p.name) for p in places]
    return tuple(dict.fromkeys(name for _, name in sorted([*named, *spoken], key=lambda pair: pair[0])))


def _metric(sentence: Sentence) -> Literal["length", "impedance"] | None:
    said = " ".join(t.word for t in sentence.tokens)
    if re.search(r"\b(?:impedance|impedances|reactance|electrical|electrically|ohm|ohms)\b", said):
        return "impedance"
    return "length" if re.search(r"\b(?:length|lengths|km|kilometres?|kilometers?|long|distance)\b", said) else None


def _yes_no(sentence: Sentence) -> bool:
    return sentence.tokens[0].word in ("is", "are", "does", "do", "can", "any")
