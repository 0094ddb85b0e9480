"""What does a message mean, in this conversation and on this grid? A frame to plan from, a question back, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.brains.embedded.changes import Spoken, spoken_changes
from agent.brains.embedded.completion import complete
from agent.brains.embedded.conditions import condition_in
from agent.brains.embedded.follow_up import follow_up
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Understood
from agent.brains.embedded.intents import Similar, evidence, judge
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.objects import stretch
from agent.brains.embedded.queries import query
from agent.brains.embedded.references import PLACEHOLDERS, referred
from agent.brains.embedded.replies import example, listing, say
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.studies import study
from agent.brains.embedded.vocabulary import data_file
from agent.brains.embedded.wishes import act, ask_mood, keep, of_mood
from grid_models.twin.registry import Registry

_CLEAR = 2.4  # evidence with which another question is heard beside a change
_STUDIED = (Mood.HYPOTHETICAL, Mood.QUESTION)
_WITH_CHANGES = (
    "cascade",
    "frequency",
    "thermal_life",
    "remedial",
    "faults",
    "dc_flow",
    "knowledge",
    "asset_health",
)  # unbuilt even as what-if


@dataclass(frozen=True)
class Understanding:
    """`similar` is asked only where the words alone leave doubt; `areas` are names that loads and parks can be scaled by."""

    registry: Registry
    areas: Sequence[str] = ()
    similar: Similar | None = None

    def of(self, question: str, memory: Memory) -> Understood:
        """The meaning of a question after what was said before."""
        sentence = read(question, self.registry)
        if not any(t.text[0].isalnum() for t in sentence.tokens):
            return Ask(text=say("empty", line_question=data_file("intents.yaml")["choices"]["loadings"]), missing="choice")
        asked = memory.latest.asked if memory.latest else None
        answer = complete(asked, sentence, self.registry) if asked else None
        if isinstance(answer, str):  # one of the offered questions was chosen
            return self.of(answer, replace(memory, latest=None))
        if answer is not None:
            return answer
        return self._chained(sentence, memory)

    def _chained(self, sentence: Sentence, memory: Memory) -> Understood:
        """'..., then ...' is two questions; the second may speak of what the first finds."""
        parts = _parts(sentence)
        if parts is None:
            return self._one(sentence, memory)
        first = self._one(read(parts[0], self.registry), memory)
        if not isinstance(first, Frame) or first.intent in (Intent.ACT, Intent.KEEP):
            return self._one(sentence, memory)
        second = self._one(read(parts[1], self.registry), replace(memory, latest=None, about=PLACEHOLDERS[:1], listed=PLACEHOLDERS))
        return first.model_copy(update={"then": second}) if isinstance(second, Frame) else self._one(sentence, memory)

    def _one(self, sentence: Sentence, memory: Memory) -> Understood:
        spoken = self._pointed(sentence, spoken_changes(sentence, self.registry, self.areas), memory)
        scores = evidence(sentence)
        if scores[Intent.DECIDE] >= (2.9 if spoken else 2.6) and scores[Intent.QUEUE] < scores[Intent.DECIDE]:
            return _decision(sentence)
        following = follow_up(sentence, spoken, memory, self.registry)
        if following is not None:
            return following
        topic = _unbuilt_topic(sentence, bool(spoken))
        if topic and not of_mood(spoken, Mood.REQUEST, Mood.UNCLEAR, Mood.CONDITIONAL, Mood.NEGATED):
            return name_problem(sentence) or Frame(intent=Intent.UNBUILT, topic=topic)
        if spoken:
            clearest = max(score for intent, score in scores.items() if intent not in (Intent.DETAIL, Intent.DECIDE))
            return self._of_changes(sentence, spoken, memory, clearest)
        return self._of_question(sentence, memory)

    def _pointed(self, sentence: Sentence, spoken: tuple[Spoken, ...], memory: Memory) -> tuple[Spoken, ...]:
        """'Open it': the element comes from the conversation where it is one for certain."""
        found: list[Spoken] = []
        for one in spoken:
            names = referred(sentence, stretch(sentence, one.use), memory, self.registry) if one.use and one.change.needs_target else None
            found += (
                [replace(one, change=one.change.model_copy(update={"element": name, "described": None})) for name in names]
                if names
                else [one]
            )
        return tuple(found)

    def _of_changes(self, sentence: Sentence, spoken: tuple[Spoken, ...], memory: Memory, clearest: float) -> Understood:
        requests = tuple(c for c in of_mood(spoken, Mood.REQUEST) if c.kind != "scale" or _is_command(spoken, c))
        scalings = tuple(
            s.change for s in spoken if s.change.kind == "scale" and s.mood not in (Mood.NEGATED,) and s.change not in requests
        )
        studied = of_mood(spoken, *_STUDIED)
        if requests:
            return act(sentence, requests, self.registry)
        conditional = of_mood(spoken, Mood.CONDITIONAL)
        if conditional:
            found = condition_in(sentence, conditional)
            return found or ask_mood(sentence, conditional, self.registry, "conditional")
        if scalings or studied:
            changes = tuple(dict.fromkeys((*studied, *scalings)))
            whole = tuple(c for c in changes if not (c.needs_target or c.needs_amount))
            changes = whole or changes  # 'would load be interrupted by an outage of line 12' speaks of one change, not of two
            return study(sentence, changes, self.registry)
        unclear, reports = of_mood(spoken, Mood.UNCLEAR), of_mood(spoken, Mood.REPORT)
        if (unclear or reports) and clearest >= _CLEAR and (sentence.asks or unclear) and not _asks_status(sentence, spoken):
            return study(sentence, unclear or reports, self.registry)
        if unclear:
            return ask_mood(sentence, unclear, self.registry)
        if reports:
            return self._of_report(sentence, reports)
        return self._of_prohibition(sentence, of_mood(spoken, Mood.NEGATED), memory, clearest)

    def _of_report(self, sentence: Sentence, reports: Sequence[object]) -> Understood:
        """'Line 14 has tripped.' Not a request, and not a question yet; 'was line 14 opened?' asks for its status."""
        if sentence.has("off_topic"):
            return Frame(intent=Intent.OFF_TOPIC)
        problem = name_problem(sentence)
        if problem:
            return problem
        names = tuple(dict.fromkeys(n for m in sentence.mentions for n in m.elements))
        if sentence.tokens[0].word in ("who", "when", "why", "how"):
            return Frame(intent=Intent.UNBUILT, topic="history")
        if sentence.asks or sentence.tokens[0].word in ("is", "are", "was", "were", "has", "have", "did", "had"):
            return Frame(intent=Intent.DETAIL, topic="status", elements=names, yes_no=True)
        if not names:
            return self._of_question(sentence, Memory())
        frame = Frame(intent=Intent.DETAIL, elements=names)
        return Ask(text=say("happened", element=listing(names, "and")), missing="mood", frame=frame)

    def _of_prohibition(self, sentence: Sentence, kept: tuple, memory: Memory, clearest: float) -> Understood:  # type: ignore[type-arg]
        if clearest >= _CLEAR and sentence.asks and not sentence.mentions:
            then = self._of_question(sentence, memory)
            return keep(kept, then if isinstance(then, Frame) else None)
        return keep(tuple(c for c in kept if c.element))

    def _of_question(self, sentence: Sentence, memory: Memory) -> Understood:
        pointed = None if sentence.mentions else referred(sentence, range(len(sentence.tokens)), memory, self.registry)
        judged = judge(sentence, self.similar, pointed=bool(pointed))
        if judged.intent is None:
            return self._unclear(judged.options)
        if judged.intent in (Intent.UNBUILT, Intent.OFF_TOPIC):
            return name_problem(sentence) or Frame(intent=judged.intent, topic=judged.topic)
        frame = query(judged.intent, sentence, self.registry, pointed or ())
        problem = name_problem(sentence, frame)
        if problem:
            return problem
        if frame.intent is Intent.DETAIL and not frame.elements and sentence.kinds:
            return query(Intent.LIST, sentence, self.registry)  # 'the taps of all transformers'
        if frame.intent is Intent.DETAIL and not frame.elements:
            return Ask(text=say("which_element", example=example(self.registry)), missing="element", frame=frame)
        return frame

    def _unclear(self, options: Sequence[Intent]) -> Ask:
        texts = data_file("intents.yaml")["choices"]
        likely = [i.value for i in options if i.value in texts]
        names = list(dict.fromkeys([*likely, "state", "loadings", "help"]))[:3]
        choices = tuple(texts[name].format(element=example(self.registry)) for name in names)
        return Ask(text=say("not_understood", choices="\n".join(f"- {c}" for c in choices)), missing="choice", choices=choices)


def _decision(sentence: Sentence) -> Frame:
    """'Approve 7' decides nothing; 'has anyone approved it?' asks for the queue."""
    if sentence.asks and sentence.tokens[0].word in ("has", "have", "did", "is", "was", "who", "when", "are", "were"):
        return Frame(intent=Intent.QUEUE)
    number = next((str(int(q.value)) for q in sentence.quantities if not q.unit and q.value.is_integer() and q.value > 0), "")
    return Frame(intent=Intent.DECIDE, topic=number)


def _is_command(spoken: Sequence[Spoken], change: object) -> bool:
    """Scaling is a study, but 'curtail the wind' is an order to somebody: ask to whom."""
    return any(s.change == change and s.use is not None and s.use.verb in ("curtail", "throttle", "restrict") for s in spoken)


def _asks_status(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    return sentence.asks and all(s.mood is Mood.REPORT for s in spoken) and len([t for t in sentence.tokens if t.ends_sentence]) <= 1


def _unbuilt_topic(sentence: Sentence, with_changes: bool) -> str | None:
    if sentence.words >= {"how"} and any(t.lemma == "connect" for t in sentence.tokens) and len(sentence.mentions) > 1:
        return "topology"
    topics = [c.removeprefix("unbuilt:") for c in sorted(sentence.concepts) if c.startswith("unbuilt:")]
    return next((t for t in topics if not with_changes or t in _WITH_CHANGES), None)


def _parts(sentence: Sentence) -> tuple[str, str] | None:
    """The two halves around ', then' or 'and then'; None where 'then' belongs to an if or a what-if."""
    for i, token in enumerate(sentence.tokens):
        if token.word != "then" or i < 3 or i + 2 > len(sentence.tokens):
            continue
        if {"if", "when", "suppose", "what"} & {t.word for t in sentence.tokens[:2]} and "if" in sentence.words:
            return None
        joined = sentence.tokens[i - 1].word in (",", "and", ";", ".")
        if joined:
            return sentence.text[: sentence.tokens[i - 1].start], sentence.text[token.end :]
    return None
