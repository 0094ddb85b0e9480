"""Did the person ask for this change in their own words? No brain decides that for itself, least of all a language model.

A model reads results, names and documents that others wrote, and may obey them. What it wants proposed is therefore held against the
grammar's reading of what the person typed: an order, or consent to what the assistant said last.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage, BaseMessage
from pydantic import JsonValue

from agent.brains.embedded.attitudes import uncontradicted
from agent.brains.embedded.changes import Spoken, spoken_changes
from agent.brains.embedded.classifier import Meaning
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.memory import Turn, present_turn
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.plans.reading import beyond
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.understand import Understanding
from agent.brains.embedded.vocabulary import word_class
from grid_models.actions import Action
from grid_models.errors import AeipError
from grid_models.twin.registry import Registry

_YES, _NO, _PROPOSE = (word_class(f"completion.{name}") for name in ("yes", "no", "propose"))
_SWITCHING = ("open", "close")
# What may stand beside a yes or a "propose" without asking for anything else.
_BESIDE_WORDS = """i we you want would like to let us agree please thanks thank then and so with for ahead the this that them these
those same a an as approval remedy remedies measure option action change step suggestion first second third last one two both all best
suggested recommended proposed apply implement proceed make create send file"""
_BESIDE = frozenset(_BESIDE_WORDS.split())
_UNASKED = "No change was proposed: {why}. Say it as an order with the element's name, e.g. 'open {example}', if you want it proposed."
_WHY: dict[Mood | None, str] = {
    Mood.NEGATED: "your sentence forbids it",
    Mood.HYPOTHETICAL: "your sentence imagines it, which is a study",
    Mood.QUESTION: "your sentence asks about it",
    Mood.CONDITIONAL: "your sentence makes it depend on a condition",
    Mood.REPORT: "your sentence reports it, or quotes somebody",
    Mood.UNCLEAR: "your sentence does not clearly order it",
}


@dataclass(frozen=True)
class OwnWords:
    """`meaning` as the embedded brain's, so that both read a sentence alike."""

    registry: Registry
    areas: Sequence[str] = ()
    meaning: Meaning | None = None

    def objection(self, messages: Sequence[BaseMessage], changes: Sequence[Action]) -> str | None:
        """Why these changes must not be proposed in the present turn; None where the person asked for every one of them."""
        turn = present_turn(messages)
        sentence = read(turn.question, self.registry)
        understood = Understanding(self.registry, self.areas, self.meaning).of(turn.question, turn.memory)
        orders = list(_orders(understood))
        holding = [order for order in orders if _condition_met(order, turn)]
        if orders and not holding:
            return self._unasked(Mood.CONDITIONAL, changes)
        if orders:
            return self._beyond([change for order in holding for change in order.changes], changes)
        spoken = uncontradicted(spoken_changes(sentence, self.registry, self.areas))
        requests = tuple(s.change for s in spoken if s.mood is Mood.REQUEST)
        pointing = requests and all(c.needs_target for c in requests) and not sentence.mentions
        if pointing or (not spoken and _consents(sentence)):  # "open it", "yes, propose it": of what the assistant said last
            return self._unnamed(_last_said(messages), changes)
        if isinstance(understood, Ask) or (isinstance(understood, Refusal) and name_problem(sentence) is not None):
            return understood.text
        return self._beyond(requests, changes) if requests else self._unasked(_mood(spoken), changes)

    def _beyond(self, ordered: Sequence[Change], changes: Sequence[Action]) -> str | None:
        """Whether something goes beyond the order. Where the order describes its element, 'the most loaded line', a study finds it."""
        for action in changes:
            fitting = [c for c in ordered if c.element is None or c.element == self._display(action)]
            if not any(_same_way(c.kind, action.kind) for c in fitting):
                return _UNASKED.format(why=f"'{action.words()}' goes beyond what you asked for", example=self._example(changes))
        return None

    def _unnamed(self, said: str, changes: Sequence[Action]) -> str | None:
        """Consent, and "it", cover what the assistant has named."""
        told = read(said, self.registry)
        named = {name for mention in told.mentions for name in mention.elements}
        missing = next((a for a in changes if self._display(a) not in named), None)
        if missing is None:
            return None
        why = f"'{missing.words()}' is not what the answer before was about"
        return _UNASKED.format(why=why, example=self._example(changes))

    def _unasked(self, mood: Mood | None, changes: Sequence[Action]) -> str:
        why = _WHY.get(mood, "your sentence does not ask for a change of the grid")
        return _UNASKED.format(why=why, example=self._example(changes))

    def _display(self, action: Action) -> str:
        """The display name of what the action is about."""
        try:
            return self.registry.find(action.element or "").name
        except AeipError:
            return action.element or ""

    def _example(self, changes: Sequence[Action]) -> str:
        return self._display(changes[0]) if changes and changes[0].element else self.registry.elements[-1].name


Objection = Callable[[Sequence[BaseMessage], Sequence[Action]], str | None]


def _orders(understood: Understood | None) -> Iterator[Frame]:
    """What the sentence orders, also behind another part of it, each with what it hangs on."""
    if not isinstance(understood, Frame):
        return
    if understood.intent is Intent.ACT and understood.mood is Mood.REQUEST:
        yield understood
    if understood.intent is Intent.CHECK and understood.threshold is not None:
        held = {"condition": understood.threshold, "condition_element": understood.elements[0]}
        opposite = understood.threshold.model_copy(update={"op": "<" if understood.threshold.op == ">" else ">"})
        yield from (order.model_copy(update=held) for order in _orders(understood.then))
        yield from (order.model_copy(update={**held, "condition": opposite}) for order in _orders(understood.otherwise))
    else:
        yield from _orders(understood.then)


def _condition_met(order: Frame, turn: Turn) -> bool:
    """Whether a result of this turn says that what the order hangs on is so; true for an order without a condition."""
    if order.condition is None:
        return True
    rows = [row for made in turn.rounds for call in made for row in _objects(call.result) if row.get("element") == order.condition_element]
    values = [row[order.condition.field] for row in rows if order.condition.field in row]
    return any(isinstance(value, int | float) and beyond(float(value), order.condition) for value in values)


def _objects(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Every object in a result, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _same_way(ordered: str, wanted: str) -> bool:
    """Opening is never closing; how an amount is brought about is for the study to find."""
    return ordered == wanted if ordered in _SWITCHING or wanted in _SWITCHING else True


def _consents(sentence: Sentence) -> bool:
    """'Yes', 'propose it', 'go ahead with the first one': agreement and nothing else. A question or a no is none."""
    words = {t.word for t in sentence.tokens if any(c.isalnum() for c in t.word)}
    agreeing = bool(words & (_YES | _PROPOSE | {"proceed", "apply", "implement"}))
    return agreeing and words <= (_YES | _PROPOSE | _BESIDE) and not words & _NO and "?" not in sentence.text and not sentence.quoted


def _last_said(messages: Sequence[BaseMessage]) -> str:
    """The assistant's last answer before the present question."""
    asked = max((i for i, m in enumerate(messages) if m.type == "human"), default=0)
    said = [str(m.text) for m in messages[:asked] if isinstance(m, AIMessage) and not m.tool_calls]
    return said[-1] if said else ""


def _mood(spoken: Sequence[Spoken]) -> Mood | None:
    return next((s.mood for s in spoken), None)
