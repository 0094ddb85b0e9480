"""What the embedded brain makes of a question before a model sees it: which tools it would call, and whether a change is asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from langchain_core.messages import AIMessage, BaseMessage

from agent.brains.embedded.brain import EmbeddedBrain
from agent.brains.embedded.changes import Spoken, spoken_changes
from agent.brains.embedded.frame import Frame, Intent, Mood, Understood
from agent.brains.embedded.memory import present_turn
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.understand import Understanding
from agent.brains.embedded.vocabulary import vocabulary, word_class
from agent.brains.ollama.data_file import yaml_file

_LONGEST_CONSENT = 6  # tokens


@dataclass(frozen=True)
class Reading:
    """`first`: the embedded brain's own next message for the bare question."""

    sentence: Sentence
    understood: Understood
    spoken: tuple[Spoken, ...]
    first: AIMessage

    @property
    def studies(self) -> tuple[str, ...]:
        """The tools that the embedded brain calls first; none where it answers or asks back at once."""
        return tuple(dict.fromkeys(call["name"] for call in self.first.tool_calls))

    @property
    def known(self) -> bool:
        """Whether the embedded brain knows every word but the names: then its reading counts for more than a model's."""
        words = vocabulary()
        own = words.base | words.common | words.function | set(words.irregular)
        loose = (t for i, t in enumerate(self.sentence.tokens) if t.text[0].isalpha() and not self.sentence.mention_at(i))
        return all(not own.isdisjoint((t.word, t.lemma)) for t in loose)

    @property
    def consents(self) -> bool:
        """'Yes, propose that': to what the assistant said last, and nothing besides."""
        short = len(self.sentence.tokens) <= _LONGEST_CONSENT and not self.sentence.mentions
        return short and not self.sentence.words.isdisjoint(word_class("completion.yes") | word_class("completion.propose"))

    @property
    def frames(self) -> tuple[Frame, ...]:
        return tuple(_chain(self.understood))

    @property
    def may_write(self) -> bool:
        """Whether the writing tool may be offered: never for what is forbidden, imagined, asked about, reported or unclear.

        Where the grammar sees no change and does not know all the words, the sentence is taken as an order unless it forbids or imagines.
        """
        if any(frame.intent is Intent.ACT for frame in self.frames):
            return True
        if self.spoken:
            return all(s.mood is Mood.REQUEST for s in self.spoken)
        return (not self.known or self.consents) and not _withheld().search(self.sentence.text.casefold())


def reading(question: str, before: Sequence[BaseMessage], brain: EmbeddedBrain) -> Reading:
    """`before`: the conversation up to and with the question."""
    sentence = read(question, brain.registry)
    understood = Understanding(brain.registry, brain.areas, brain.meaning).of(question, present_turn(before).memory)
    return Reading(sentence, understood, spoken_changes(sentence, brain.registry, brain.areas), brain.reply(before))


def _chain(understood: Understood | None) -> Iterator[Frame]:
    if isinstance(understood, Frame):
        yield understood
        yield from _chain(understood.then)
        yield from _chain(understood.otherwise)


@lru_cache
def _withheld() -> re.Pattern[str]:
    words = sorted({str(w).casefold() for words in yaml_file("withheld.yaml").values() for w in words})
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)|n['’]t\b|\?")
