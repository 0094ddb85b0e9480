"""A sentence speaks of changes: what follows from how it speaks of them?"""

from collections.abc import Callable, Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.conditions import condition_in
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.planned import asks_of_the_planned
from agent.brains.embedded.replies import listing, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.studies import study
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.wishes import act, ask_mood, keep, one_of
from grid_models.twin.registry import Registry

_CLEAR = 2.4  # evidence with which another question is heard beside a change
_STATUS_WORDS = word_class("topics.asked")
_ORDERING = ("curtail", "throttle", "restrict")  # of a group, too, these are orders to somebody


def of_mood(spoken: Sequence[Spoken], *moods: Mood) -> tuple[Change, ...]:
    return tuple(s.change for s in spoken if s.mood in moods)


def attitude(
    sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, clearest: float, otherwise: Callable[[], Understood]
) -> Understood:
    """Requests go before conditions, studies, what is unclear, reports and prohibitions. `otherwise`: the sentence as a mere question."""
    spoken = uncontradicted(spoken)
    requests = tuple(c for c in of_mood(spoken, Mood.REQUEST) if c.kind != "scale" or _is_order(spoken, c))
    if requests:
        return act(sentence, requests, registry)
    conditional = of_mood(spoken, Mood.CONDITIONAL)
    if conditional:
        waiting = Frame(intent=Intent.ACT, mood=Mood.UNCLEAR, changes=conditional)
        return one_of(sentence, waiting) or condition_in(sentence, conditional) or ask_mood(sentence, conditional, registry, "conditional")
    studied = _studied(spoken)
    if studied:
        return study(sentence, studied, registry)
    unclear, reports = of_mood(spoken, Mood.UNCLEAR), of_mood(spoken, Mood.REPORT)
    asks_more = clearest >= _CLEAR and (bool(unclear) or (sentence.asks and not _asks_status(sentence, spoken)))
    asks_more = asks_more or (bool(unclear) and asks_of_the_planned(sentence, [s.use for s in spoken if s.use]))
    if (unclear or reports) and asks_more:  # 'line 14 is out. What is overloaded?'
        return study(sentence, unclear or reports, registry)
    if unclear:
        return ask_mood(sentence, unclear, registry)
    if reports:
        return _reported(sentence, otherwise)
    return _forbidden(sentence, of_mood(spoken, Mood.NEGATED), clearest, otherwise)


def uncontradicted(spoken: Sequence[Spoken]) -> list[Spoken]:
    """'Isolate line 14, tell me what to open but don't open it': what the same message forbids, it does not order."""
    forbidden = of_mood(spoken, Mood.NEGATED)

    def is_forbidden(one: Spoken) -> bool:
        change = one.change
        alike = (c for c in forbidden if c.kind == change.kind and c.element in (None, change.element))
        return any(c.amount in (None, change.amount) for c in alike)  # 'not to 40, to 30' orders the other amount

    return [s for s in spoken if s.mood not in (Mood.REQUEST, Mood.CONDITIONAL, Mood.UNCLEAR) or not is_forbidden(s)]


def _studied(spoken: Sequence[Spoken]) -> tuple[Change, ...]:
    """What is imagined or asked about; scaling a group is always a study. Half-said changes are dropped where others are whole."""
    imagined = of_mood(spoken, Mood.HYPOTHETICAL, Mood.QUESTION)
    scalings = [s.change for s in spoken if s.change.kind == "scale" and s.mood is not Mood.NEGATED]
    beside = of_mood(spoken, Mood.UNCLEAR) if imagined or scalings else ()  # 'take line 20 out while load is 10 % lower'
    changes = tuple(dict.fromkeys((*imagined, *scalings, *beside)))
    whole = tuple(c for c in changes if c.unit == "unsupported" or not (c.needs_target or c.needs_amount))
    return whole or changes


def _reported(sentence: Sentence, otherwise: Callable[[], Understood]) -> Understood:
    """'Line 14 has tripped.' is no request and not a question yet; 'was line 14 opened?' asks for its status."""
    if sentence.has("off_topic"):
        return Frame(intent=Intent.OFF_TOPIC)
    problem = name_problem(sentence)
    if problem is not None:
        return problem
    first = sentence.tokens[0].word
    if first in ("who", "when", "why", "how"):
        return Frame(intent=Intent.UNBUILT, topic="other_causes" if first in ("why", "how") else "actors")
    names = tuple(dict.fromkeys(n for m in sentence.mentions for n in m.elements))
    if sentence.asks or first in _STATUS_WORDS or "whether" in sentence.words:
        return Frame(intent=Intent.DETAIL, topic="status", elements=names, yes_no=True)
    if not names:
        return otherwise()
    return Ask(text=say("happened", element=listing(names, "and")), missing="mood", frame=Frame(intent=Intent.DETAIL, elements=names))


def _forbidden(sentence: Sentence, kept: tuple[Change, ...], clearest: float, otherwise: Callable[[], Understood]) -> Understood:
    """Nothing is done; another question in the same message is answered as well."""
    then = otherwise() if clearest >= _CLEAR and sentence.asks and not sentence.mentions else None
    return keep(tuple(c for c in kept if c.element), then if isinstance(then, Frame) else None)


def _is_order(spoken: Sequence[Spoken], change: Change) -> bool:
    """Scaling is a study, but 'curtail the wind' is an order: the person is asked to name the parks."""
    return any(s.change == change and s.use is not None and s.use.verb in _ORDERING for s in spoken)


def _asks_status(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    return all(s.mood is Mood.REPORT for s in spoken) and sum(t.ends_sentence for t in sentence.tokens) <= 1
