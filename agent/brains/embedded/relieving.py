"""Does a sentence ask which injections bring the load of a branch down, or have most leverage on it? Perhaps after an outage."""

from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Change, Frame, Intent, Mood, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.queries import query
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING})
_SOURCES = frozenset({ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.LOAD})
_MEANS = word_class("relieving.means")
_INJECTING = word_class("relieving.injecting")
_LEVERAGE = word_class("relieving.leverage")
_MOVING = word_class("branch_words.moving") | word_class("relieving.moving")
_DOWN = word_class("relieving.down")
_LESS = word_class("relieving.less")
_TIGHT = word_class("relieving.tight")
_FLOWS = ("load", "loading", "flow", "current", "overload")
_ELSEWHERE = ("thermal:heat", "thermal:warm",
              "thermal:overheat", "thermal:life", "thermal:ageing", "thermal:cooling", "voltage", "losses", "cascade:spread",
              "frequency:frequency", "frequency:response", "live:measured", "live:past", "topology:path")  # fmt: skip
_SUPPOSED = (Mood.HYPOTHETICAL, Mood.QUESTION, Mood.UNCLEAR, Mood.REPORT)


def relieving(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str]) -> Understood | None:
    """'Which units do I curtail to get line 75 down after the loss of line 54?': line 75 explained with line 54 open; else None."""
    if sentence.has(*_ELSEWHERE) or not (_asks_for_sources(sentence) or _asks_for_means(sentence)):
        return None
    outages = tuple(dict.fromkeys(s.change for s in spoken if _is_outage(s)))
    failed = {c.element for c in outages}
    named = [n for m in sentence.mentions if not m.excluded for n in m.elements]
    branches = [n for n in dict.fromkeys(named or pointed) if n not in failed and any(e.kind in _BRANCHES for e in registry.exact(n))]
    if not branches or any(_is_other_change(s, branches) for s in spoken):
        return None
    return name_problem(sentence) or _frame(sentence, registry, branches[0], outages)


def _frame(sentence: Sentence, registry: Registry, branch: str, outages: tuple[Change, ...]) -> Frame:
    return query(Intent.EXPLAIN, sentence, registry).model_copy(
        update={"elements": (branch,), "changes": outages, "topic": "relief", "kind": None, "minimum_kv": None, "method": None}
    )


def _is_outage(one: Spoken) -> bool:
    """What has failed, or is out; nobody asks for it to be done."""
    event = one.use is not None and one.use.act in ("event", "be_out")
    return event and one.mood in _SUPPOSED and one.change.kind == "open" and one.change.element is not None


def _is_other_change(one: Spoken, branches: Sequence[str]) -> bool:
    """A change that is said in full is studied or proposed itself: 'would opening line 14 relieve line 75'."""
    whole = not (one.change.needs_target or one.change.needs_amount)
    stepped = one.change.kind == "set_tap" and one.change.amount is not None  # 'its tap two steps down'
    return whole and not _is_outage(one) and (stepped or one.change.element not in branches)


def _asks_for_sources(sentence: Sentence) -> bool:
    """Which parks, what injection, the two generators: with most leverage, or to bring a load down."""
    kinds = [k for k in sentence.kinds if _SOURCES.intersection(k.kinds)]
    sources = bool(kinds) or not _INJECTING.isdisjoint(_words(sentence)) or "who" in sentence.words
    asked = not sentence.words.isdisjoint(_MEANS) or any(k.plural for k in kinds)
    return sources and asked and (_lightens(sentence) or not _LEVERAGE.isdisjoint(_words(sentence)))


def _asks_for_means(sentence: Sentence) -> bool:
    """'What would take the load off trafo 1', 'how can I relieve line 75'; the branch is what is lightened, not what lightens."""
    asked = sentence.words.isdisjoint(("much", "many", "far", "long")) and sentence.tokens[0].word in ("what", "how", "where")
    return asked and _lightens(sentence)


def _lightens(sentence: Sentence) -> bool:
    """'Relieve', 'less flow', 'get it down', 'back below', 'take load off'; 'tight' says why it is asked."""
    words = _words(sentence)
    moved = not _MOVING.isdisjoint(words) and not _DOWN.isdisjoint(words)
    less = not _LESS.isdisjoint(words) and (sentence.has(*_FLOWS) or _is_object(sentence))
    return sentence.has("relief") or moved or less or not _TIGHT.isdisjoint(words)


def _is_object(sentence: Sentence) -> bool:
    """'Reduce line 75': a branch right behind the verb."""
    starts = {m.start for m in sentence.mentions}
    return any(t.lemma in _LESS and starts.intersection((i + 1, i + 2)) for i, t in enumerate(sentence.tokens))


def _words(sentence: Sentence) -> frozenset[str]:
    return frozenset(w for i, t in enumerate(sentence.tokens) if not sentence.mention_at(i) for w in (t.word, t.lemma))
