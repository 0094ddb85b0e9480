"""Does a sentence ask how a value developed until now? Of what, of which value, and since when?"""

from collections.abc import Sequence

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.features import top_count
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.replies import example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.since import since_asked
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

TOTALS = ("load", "generation", "infeed")  # have a sum over the grid; the others need an element
_MOVING = word_class("trends.moving")
_BEING = word_class("trends.being")
_DONE = word_class("trends.done")
_TURNING = word_class("trends.turning")
_DIRECTIONS = word_class("trends.directions")
_FUTURE = word_class("trends.future")
_OPENING = word_class("trends.opening")
_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)
_QUANTITIES = (  # concept → what is kept of it, most specific first
    ("voltage", "voltage"),
    ("exchange", "infeed"),
    ("loading", "loading"),
    ("flow", "flow"),
    ("current", "flow"),
    ("wind", "generation"),
    ("pv", "generation"),
    ("generation", "generation"),
    ("load", "load"),
)
_VALUES = frozenset({concept for concept, _ in _QUANTITIES} | {"live:data", "live:measured"})
_OF_KIND = {
    **dict.fromkeys(_BRANCHES, "loading"),
    ElementKind.BUS: "voltage",
    ElementKind.LOAD: "load",
    ElementKind.GENERATOR: "generation",
    ElementKind.INFEED: "infeed",
}


def trend(sentence: Sentence, spoken: Sequence[Spoken], memory: Memory, registry: Registry, pointed: Sequence[str]) -> Understood | None:
    """The frame of a question for a development; None where nothing of the past is asked, or where it is only imagined."""
    if not _looks_back(sentence, spoken) or sentence.has("live:alarm", "live:acknowledge"):
        return None
    named = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements))
    about = named or tuple(pointed) or (memory.about[:1] if _is_elliptic(sentence, memory) else ())
    quantity = quantity_of(sentence, about, registry) or _remembered(memory)
    if sentence.has("losses", "tap"):
        return Refusal(text=say("no_trend"))
    if quantity is None:
        return None
    return developed(quantity, sentence, registry, about)


def past_of(sentence: Sentence, registry: Registry, pointed: Sequence[str] = ()) -> Understood:
    """The frame where the past is asked for and nothing else decides; the question back where no value is named."""
    about = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements)) or tuple(pointed)
    quantity = quantity_of(sentence, about, registry)
    if quantity is None:
        return Refusal(text=say("no_trend"))
    return developed(quantity, sentence, registry, about)


def developed(quantity: str, sentence: Sentence, registry: Registry, about: Sequence[str]) -> Understood:
    """The frame of one quantity's past, or the question that brings the element it lacks."""
    frame = Frame(
        intent=Intent.HISTORY,
        topic=quantity,
        since=since_asked(sentence.text),
        top=top_count(sentence),
        order="lowest" if sentence.has("low") and not sentence.has("high") else "highest",
        yes_no=sentence.tokens[0].word in _OPENING,
    )
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    if not about and quantity not in TOTALS:
        return Ask(text=say("which_trend", quantity=quantity, example=example(registry)), missing="element", frame=frame)
    return frame.model_copy(update={"elements": tuple(about)})


def quantity_of(sentence: Sentence, elements: Sequence[str], registry: Registry) -> str | None:
    """What is kept in the history and meant here: by its word, else by the kind of element that is named."""
    kinds = {e.kind for n in elements for e in registry.exact(n)} or {k for word in sentence.kinds for k in word.kinds}
    said = said_quantity(sentence)
    through = not sentence.words.isdisjoint({"power", "mw", "megawatts"})
    of_kind = next((_OF_KIND[k] for k in kinds if k in _OF_KIND), None)
    if elements and through and of_kind == "loading" and said in (None, "generation", "load"):
        return "flow"
    if elements and said == "load" and of_kind == "loading":  # the load on a line
        return of_kind
    if elements and said in TOTALS and of_kind == "infeed":  # what an infeed generates or imports
        return of_kind
    return said or of_kind or ("load" if "peak" in sentence.words else None)  # 'the peak' of a system is that of its load


def kept_of(elements: Sequence[str], registry: Registry) -> str | None:
    """What is kept of elements of this kind before anything else."""
    return next((_OF_KIND[e.kind] for n in elements for e in registry.exact(n) if e.kind in _OF_KIND), None)


def said_quantity(sentence: Sentence) -> str | None:
    """The quantity that a word names."""
    return next((quantity for concept, quantity in _QUANTITIES if sentence.has(concept)), None)


def _looks_back(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    """A past time, a word for a development, or a movement under way; never what is ordered, imagined or still to come."""
    if of_mood(spoken, Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED):
        return False
    if any(s.change.kind in ("open", "close") or not (s.change.needs_amount or s.change.needs_target) for s in spoken):
        return False
    if sentence.words & _FUTURE or sentence.has("unbuilt:forecast"):
        return False
    bounded = any(q.unit and q.unit != "kv" for q in sentence.quantities)
    past = sentence.has("live:past") or _of_the_past(sentence) or (since_asked(sentence.text) is not None and not _is_statement(sentence))
    return past or (_moves(sentence) and not bounded)


def _of_the_past(sentence: Sentence) -> bool:
    """'Past loadings', 'the earlier voltage': the adjective right before a value."""
    values = {h.start for h in sentence.hits if h.concept in _VALUES}
    return any(t.word in ("past", "previous", "earlier", "former") and i + 1 in values for i, t in enumerate(sentence.tokens))


def _moves(sentence: Sentence) -> bool:
    """'Is the voltage rising', 'has the load grown', 'did it drop', 'is the line getting fuller'."""
    if _is_statement(sentence):
        return False
    turned = not _DIRECTIONS.isdisjoint(sentence.words) or any(len(w) > 4 and w.endswith("er") for w in sentence.words)
    free = [t for i, t in enumerate(sentence.tokens) if not sentence.mention_at(i)]
    forms = {t.form for t in free if t.lemma in _MOVING or (turned and t.lemma in _TURNING)}
    going = "ing" in forms and not _BEING.isdisjoint(sentence.words)
    gone = "ed" in forms and not _DONE.isdisjoint(sentence.words)
    return going or gone or ("base" in forms and "did" in sentence.words)


def _is_statement(sentence: Sentence) -> bool:
    """'We opened line 14 an hour ago.' asks nothing; a bare 'loading of line 54 yesterday' does."""
    subject = sentence.tokens[0].word in ("we", "i", "they", "he", "she", "someone", "somebody", "it")
    return subject and not sentence.asks


def _is_elliptic(sentence: Sentence, memory: Memory) -> bool:
    """'And an hour ago?' after an answer about one element."""
    return len(memory.about) == 1 and sum(t.word.isalpha() for t in sentence.tokens) <= 6 and not sentence.kinds


def _remembered(memory: Memory) -> str | None:
    """The value that the answer before was about."""
    last = memory.latest.frame if memory.latest else None
    known = {"voltages": "voltage", "loadings": "loading", "power": "generation", "wind": "generation", "exchange": "infeed"}
    name = known.get(last.topic or last.intent.value, last.topic) if last else None
    return name if name in {q for _, q in _QUANTITIES} else None
