"""A sentence that speaks of no change: which question is it, or what should be asked back?"""

from collections.abc import Sequence

from agent.brains.embedded.cascades import cascade_frame
from agent.brains.embedded.causes import is_branch
from agent.brains.embedded.classifier import Meaning
from agent.brains.embedded.connections import topic_of, topology
from agent.brains.embedded.filters import filtered, placed
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Refusal, Understood
from agent.brains.embedded.frequency import frequency_frame, lost_elements
from agent.brains.embedded.intents import Judgement, judge
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.lookups import lookup_frame
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.power_lost import power_said
from agent.brains.embedded.queries import query
from agent.brains.embedded.references import named_out, referred
from agent.brains.embedded.replies import example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.studies import study
from agent.brains.embedded.thermal import thermal_frame
from agent.brains.embedded.thermal_said import heating_said
from agent.brains.embedded.topics import decision
from agent.brains.embedded.vocabulary import data_file
from agent.brains.embedded.watching import LIVE, live_frame
from agent.brains.embedded.wishes import keep
from grid_models.twin.registry import Registry

_PLAIN = (
    Intent.UNBUILT,
    Intent.OFF_TOPIC,
    Intent.GREETING,
    Intent.THANKS,
    Intent.HELP,
    Intent.QUEUE,
    Intent.ACKNOWLEDGE,
)


def question(sentence: Sentence, memory: Memory, registry: Registry, meaning: Meaning | None) -> Understood:
    """The frame of a question, or two or three questions to choose from."""
    return asked(judge(named_out(sentence, memory, registry), meaning), sentence, memory, registry)


def asked(judged: Judgement, sentence: Sentence, memory: Memory, registry: Registry) -> Understood:
    """The frame of a question whose intent is known, what it lacks, or questions to choose from."""
    pointed = None if sentence.mentions else referred(sentence, range(len(sentence.tokens)), memory, registry)
    intent = filtered(placed(judged.intent, sentence, registry), sentence)
    if isinstance(intent, Refusal):
        return name_problem(sentence) or intent
    if intent is None:
        return _choices(judged.options, registry)
    if intent is Intent.KNOWLEDGE:
        return name_problem(sentence) or lookup_frame(sentence)
    if intent in _PLAIN:
        return name_problem(sentence) or Frame(intent=intent, topic=judged.topic)
    if intent is Intent.KEEP:
        return keep(())
    if intent in (Intent.ACT, Intent.WHAT_IF, Intent.DECIDE):
        return _unnamed_change(intent, sentence, registry)
    if intent is Intent.TOPOLOGY:
        return topology(judged.topic or topic_of(sentence), sentence, registry, pointed or ())
    if intent is Intent.THERMAL:
        return thermal_frame(sentence, (), heating_said(sentence), registry, pointed)
    if intent is Intent.CASCADE:
        return cascade_frame(sentence, (), registry, pointed, memory.latest.frame if memory.latest else None)
    if intent is Intent.FREQUENCY:
        said = power_said(sentence, registry.model.frequency_hz)
        return frequency_frame(sentence, said, lost_elements(sentence, registry) or pointed or (), registry)
    if intent in LIVE:
        return live_frame(intent, sentence, registry, pointed or ())
    frame = query(intent, sentence, registry, pointed or ())
    if intent is Intent.N1 and frame.method == "fast_decoupled":
        return Refusal(text=say("no_method"))
    if intent is Intent.EXPLAIN and judged.topic:
        if not frame.elements and sentence.has("voltage"):
            return Frame(intent=Intent.UNBUILT, topic="remedial")
        frame = frame.model_copy(update={"topic": judged.topic})
    if intent is Intent.EXPLAIN and not any(is_branch(n, registry) for n in frame.elements):
        return Ask(text=say("which_branch", example=example(registry)), missing="element", frame=frame.model_copy(update={"elements": ()}))
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    if frame.intent is Intent.DETAIL and not frame.elements:
        if sentence.kinds:  # 'the taps of all transformers'
            return query(Intent.LIST, sentence, registry)
        return Ask(text=say("which_element", example=example(registry)), missing="element", frame=frame)
    return frame


def _unnamed_change(intent: Intent, sentence: Sentence, registry: Registry) -> Understood:
    """The words speak of a change or a decision that the grammar did not find: nothing is done, and what would help is asked."""
    if intent is Intent.DECIDE:
        return decision(sentence)
    problem = name_problem(sentence)
    if problem is not None:
        return problem
    names = tuple(dict.fromkeys(n for m in _supposed(sentence) for n in m.elements if not m.excluded))
    if intent is Intent.WHAT_IF and names and not sentence.quantities:  # whatever befalls an element, its outage is what can be studied
        return study(sentence, tuple(Change(kind="open", element=name) for name in names), registry)
    return Ask(text=say("which_change" if names else "which_element", example=example(registry)), missing="choice")


def _supposed(sentence: Sentence) -> Sequence[Mention]:
    """Those behind an 'if', to the next comma, where there are any: in 'if Sgen 81 gave nothing, what would trafo 3 do' not the trafo."""
    start = next((i for i, t in enumerate(sentence.tokens) if t.word in ("if", "assuming", "suppose")), None)
    if start is None:
        return sentence.mentions
    end = next((i for i in range(start, len(sentence.tokens)) if sentence.tokens[i].word in (",", ":", ";")), len(sentence.tokens))
    return [m for m in sentence.mentions if start < m.start < end] or sentence.mentions


def nothing_said() -> Ask:
    """An empty message, or one of signs only."""
    return Ask(text=say("empty", line_question=data_file("intents.yaml")["choices"]["loadings"]), missing="choice")


def _choices(options: Sequence[Intent], registry: Registry) -> Ask:
    texts = data_file("intents.yaml")["choices"]
    likely = [i.value for i in options if i.value in texts]
    names = list(dict.fromkeys([*likely, "state", "loadings", "help"]))[:3]
    choices = tuple(texts[name].format(element=example(registry)) for name in names)
    return Ask(text=say("not_understood", choices="\n".join(f"- {c}" for c in choices)), missing="choice", choices=choices)
