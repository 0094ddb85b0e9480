"""What does a message mean, in this conversation and on this grid? A frame to plan from, a question back, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.brains.embedded.arbiter import arbitrated
from agent.brains.embedded.attitudes import attitude, of_mood
from agent.brains.embedded.beside_codes import beside_codes
from agent.brains.embedded.besides import NOTHING_ASKED, asked_besides, is_of_forbidden
from agent.brains.embedded.branch_loads import answered, forbidden, is_thermal_study, load_order, others, stands_alone
from agent.brains.embedded.branching import branching
from agent.brains.embedded.built_on import built_on
from agent.brains.embedded.cascades import cascade
from agent.brains.embedded.causes import cause
from agent.brains.embedded.changes import Spoken, pointed_change, spoken_changes
from agent.brains.embedded.classifier import Meaning
from agent.brains.embedded.comparing import comparing
from agent.brains.embedded.comparisons import compared_changes
from agent.brains.embedded.completion import complete
from agent.brains.embedded.connections import connection
from agent.brains.embedded.corrections import about_the_last, corrected
from agent.brains.embedded.evidence import evidence
from agent.brains.embedded.follow_up import follow_up
from agent.brains.embedded.frame import Frame, Intent, Mood, Understood
from agent.brains.embedded.frequency import frequency
from agent.brains.embedded.grids import carried, grid_said, turned_to
from agent.brains.embedded.intents import likelihoods
from agent.brains.embedded.lookup_again import looked_up_again
from agent.brains.embedded.lookup_evidence import asks_a_book
from agent.brains.embedded.lookups import in_own_words, lookup_frame
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem, place_problem
from agent.brains.embedded.objects import stretch
from agent.brains.embedded.outages_in_general import outages_of_a_kind, without_general
from agent.brains.embedded.outages_named import named_outages
from agent.brains.embedded.plan_of import joined, plan_of
from agent.brains.embedded.questions import asked, nothing_said, question
from agent.brains.embedded.queue_asked import queued
from agent.brains.embedded.references import named_before, named_out, referred, tap_meant
from agent.brains.embedded.relieving import relieving
from agent.brains.embedded.renumbered import renumbered
from agent.brains.embedded.requests_listed import are_requests, listed_requests
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.states_asked import asks_for_a_state
from agent.brains.embedded.steps import steps
from agent.brains.embedded.still_about import still_about
from agent.brains.embedded.studies import study
from agent.brains.embedded.telling import told_again, unit_wished
from agent.brains.embedded.the_one_at import with_kind
from agent.brains.embedded.thermal import thermal
from agent.brains.embedded.topics import decision, unbuilt_topic
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.watching import watched
from agent.brains.embedded.wishes import keep
from grid_models.twin.registry import Registry

_DECIDES, _DECIDES_BESIDE_A_CHANGE = 2.6, 2.9  # evidence for a typed approval
_ASKING = word_class("understand.asking")
_CREATIVE = frozenset({"write", "compose", "sing", "rhyme"})
_POINTING = frozenset({"it", "its", "them", "their"})
_WANTED = (Mood.REQUEST, Mood.UNCLEAR, Mood.CONDITIONAL, Mood.NEGATED)


@dataclass(frozen=True)
class Understanding:
    """`meaning` is asked only where the words alone leave doubt; `areas` are names that loads and parks can be scaled by."""

    registry: Registry
    areas: Sequence[str] = ()
    meaning: Meaning | None = None

    def of(self, text: str, memory: Memory) -> Understood:
        """The meaning of a message after what was said before."""
        grid, rest = grid_said(text)
        if grid.casefold() == self.registry.model.name.casefold():  # where the question is asked already
            memory, text = carried(memory, self.registry), rest
        sentence = read(text, self.registry)
        if grid and (turned := turned_to(sentence, memory)) is not None:
            return turned
        if (placed := with_kind(sentence, memory, self.registry)) is not None:
            sentence = read(placed, self.registry)
        if not any(t.text[0].isalnum() for t in sentence.tokens):
            return nothing_said()
        again = told_again(sentence, memory)
        if again is not None:
            return again
        asked = memory.latest.asked if memory.latest else None
        answer = complete(asked, sentence, self.registry) if asked else None
        if isinstance(answer, str):  # one of the offered questions was chosen
            return self.of(answer, replace(memory, latest=None))
        if answer is not None:
            return answer
        looked_up = looked_up_again(memory.lookup, sentence)
        if looked_up is not None:
            return looked_up
        about_it = about_the_last(sentence, memory, self.registry)
        if about_it is not None:
            return about_it
        ellipsis = renumbered(sentence, memory, self.registry) or corrected(sentence, memory)
        understood = self._chained(read(ellipsis, self.registry) if ellipsis else sentence, memory)
        last = memory.latest.frame if memory.latest else None
        built = still_about(built_on(understood, sentence, last), sentence, last, self.registry)
        if not isinstance(built, Frame) or built.intent is Intent.KNOWLEDGE:  # a quote keeps its units
            return in_own_words(built, sentence, text)
        return built.model_copy(update={"told_in": unit_wished(sentence)})

    def _chained(self, sentence: Sentence, memory: Memory) -> Understood:
        """A condition with what follows from it, steps that follow one another, or one piece."""
        conditional = branching(sentence, memory, self._one, self.registry)
        if conditional is not None:
            return conditional
        listed = self._listed(sentence, memory)
        if listed is not None:
            return listed
        parts = () if _tells_events(sentence) else steps(sentence)
        both = beside_codes(sentence, parts, lambda asked: self._one(asked, memory), self.registry)
        if both is not None:
            return both
        whole = spoken_changes(sentence, self.registry, self.areas) if parts else ()
        plan = plan_of(parts, whole, memory, self._one, self.registry, sentence) if parts else None
        return plan or self._one(sentence, memory)

    def _listed(self, sentence: Sentence, memory: Memory) -> Frame | None:
        """'The losses, the worst outage and the alarms': each noun a request, where all of them are."""
        items = [read(step.text, self.registry) for step in listed_requests(sentence)]
        spoken = spoken_changes(sentence, self.registry, self.areas) if items else ()
        if not items or any(s.change.element and s.mood is not Mood.REPORT for s in spoken):
            return None
        found = [(item, frame) for item in items if isinstance(frame := self._one(item, replace(memory, latest=None)), Frame)]
        return joined([frame for _, frame in found]) if len(found) == len(items) and are_requests(found) else None

    def _one(self, sentence: Sentence, memory: Memory) -> Understood:
        spoken = self._pointed(sentence, spoken_changes(sentence, self.registry, self.areas), memory)
        spoken = () if asks_for_a_state(sentence, spoken) else spoken
        besides = self._besides(sentence, spoken, memory)
        if besides is None and asks_a_book(sentence, spoken, lambda deeply: likelihoods(sentence, self.meaning if deeply else None)):
            return lookup_frame(sentence)
        following = besides or place_problem(sentence, self.registry) or follow_up(sentence, spoken, memory, self.registry)
        if following is not None:
            return following
        whole = named_out(sentence, memory, self.registry)
        return arbitrated(
            self._by_grammar(sentence, without_general(sentence, spoken), memory),
            sentence,
            lambda deeply: likelihoods(whole, self.meaning if deeply else None),
            lambda meant: asked(meant, sentence, memory, self.registry),
        )

    def _by_grammar(self, sentence: Sentence, spoken: tuple[Spoken, ...], memory: Memory) -> Understood:
        scores = evidence(sentence)
        if sentence.has("off_topic") and not sentence.words.isdisjoint(_CREATIVE):
            return Frame(intent=Intent.OFF_TOPIC)
        waiting = queued(sentence, spoken)
        if waiting is not None:
            return waiting
        beside = spoken and not sentence.asks
        rejected_load = sentence.has("frequency:frequency", "frequency:response") and not sentence.has("proposal", "queue")
        decides = scores[Intent.DECIDE] >= (_DECIDES_BESIDE_A_CHANGE if beside else _DECIDES) and not rejected_load
        if decides and scores[Intent.QUEUE] < scores[Intent.DECIDE]:
            return decision(sentence)
        pointed = referred(sentence, range(len(sentence.tokens)), memory, self.registry) if not sentence.mentions else None
        order = load_order(sentence, self.registry, pointed or ())
        spoken = others(spoken, order) if order else spoken
        if order and stands_alone(sentence, order, spoken):
            if order.mood in (Mood.REQUEST, Mood.CONDITIONAL) and not is_thermal_study(sentence, order):
                return answered(order)
            if order.mood is Mood.NEGATED:
                return keep(forbidden(order))
        last = memory.latest.frame if memory.latest else None
        structural = (
            relieving(sentence, spoken, self.registry, pointed or ())
            or named_outages(sentence, spoken, self.registry)
            or comparing(sentence, spoken, self.registry, self.areas)
            or outages_of_a_kind(sentence, spoken, self.registry)
            or cascade(sentence, spoken, self.registry, pointed, last)
            or frequency(sentence, spoken, self.registry, pointed, last)
            or thermal(sentence, spoken, self.registry, pointed)
            or watched(sentence, spoken, evidence(sentence, pointed=bool(pointed)), memory, self.registry, pointed or ())
            or compared_changes(sentence, spoken, self.registry)
            or connection(sentence, spoken, self.registry, pointed or ())
            or cause(sentence, spoken, memory, self.registry, pointed or ())
        )
        if structural is not None and not sentence.has("off_topic"):
            return self._with_order(structural, sentence, spoken)
        if sentence.has("knowledge:source", "knowledge:ruling") and not of_mood(spoken, *_WANTED):
            return name_problem(sentence) or lookup_frame(sentence)
        topic = unbuilt_topic(sentence, with_changes=any(not s.change.needs_amount for s in spoken))
        if topic and not of_mood(spoken, *_WANTED):
            return name_problem(sentence) or Frame(intent=Intent.UNBUILT, topic=topic)
        if order and not spoken and order.use.form == "base" and order.mood is not Mood.REPORT:
            return answered(order)
        if not spoken:
            return question(sentence, memory, self.registry, self.meaning)
        clearest = max(score for intent, score in scores.items() if intent not in (Intent.DETAIL, Intent.DECIDE))
        return attitude(sentence, spoken, self.registry, clearest, lambda: question(sentence, memory, self.registry, self.meaning))

    def _besides(self, sentence: Sentence, spoken: tuple[Spoken, ...], memory: Memory) -> Frame | None:
        """A prohibition and a question: nothing is done, and the question is answered, where need be about what was forbidden."""
        rest = asked_besides(sentence, spoken)
        if rest is None:
            return None
        kept = tuple(c for c in of_mood(spoken, Mood.NEGATED) if c.element)
        names = tuple(dict.fromkeys(c.element for c in kept if c.element))
        asked = read(rest, self.registry)
        then = self._one(asked, replace(memory, latest=None, about=names or memory.about))
        if names and not any(c.needs_amount for c in kept) and is_of_forbidden(asked, then):
            then = study(asked, kept, self.registry)
        return keep(kept, then) if isinstance(then, Frame) and then.intent not in NOTHING_ASKED else None

    def _with_order(self, understood: Understood, sentence: Sentence, spoken: tuple[Spoken, ...]) -> Understood:
        """'Acknowledge the alarm and open line 14': the order is not lost beside what a chat cannot do."""
        acknowledged = isinstance(understood, Frame) and understood.intent is Intent.ACKNOWLEDGE
        if not acknowledged or not of_mood(spoken, Mood.REQUEST, Mood.UNCLEAR):
            return understood
        order = attitude(sentence, spoken, self.registry, 0.0, lambda: understood)
        return understood.model_copy(update={"then": order}) if isinstance(order, Frame) and order is not understood else order

    def _pointed(self, sentence: Sentence, spoken: tuple[Spoken, ...], memory: Memory) -> tuple[Spoken, ...]:
        """'Open it': the element comes from the conversation where it is one for certain."""
        found: list[Spoken] = []
        for one in spoken:
            wanting = one.use if one.change.needs_target else None
            span = stretch(sentence, wanting) if wanting else range(0)
            names = named_before(sentence, span) or referred(sentence, span, memory, self.registry) if wanting else None
            tap = tap_meant(sentence, memory)  # 'set it to 3', after its tap was asked for
            pointed = [replace(one, change=pointed_change(one.change, name, self.registry, tap)) for name in names or ()]
            found += pointed or [one]
        return tuple(found)


def _tells_events(sentence: Sentence) -> bool:
    """'We lose 400 MW, then another 300 MW': of a disturbance, and nothing is asked before 'then'."""
    disturbance = sentence.has("frequency:response", "frequency:frequency", "cascade:spread")
    first = next((i for i, t in enumerate(sentence.tokens) if t.word == "then"), 0)
    return disturbance and _ASKING.isdisjoint(t.lemma for t in sentence.tokens[:first])
