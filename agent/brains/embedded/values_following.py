"""'How far does the voltage fall', 'would a higher tap raise the losses': a verb that tells what follows changes nothing."""

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.sentence import Sentence

_VALUES = ("voltage", "loading", "losses", "flow", "frequency:frequency")
_AUXILIARIES = frozenset({"do", "will", "would", "could", "can", "might", "may"})
_OF = frozenset({"of", "at", "on", "in"})


def follows(sentence: Sentence, use: VerbUse) -> bool:
    """A value rises or falls, asked with 'does' or 'would'; or another change is asked to move one."""
    if _falls_of_itself(sentence, use):
        return True
    asked = any(_AUXILIARIES & {t.lemma, t.word} for t in sentence.tokens[sentence.bounds(use.start)[0] : use.start])
    return use.act in ("raise", "lower") and asked and (_ends_value(sentence, use.start) or _acts_on_value(sentence, use))


def _falls_of_itself(sentence: Sentence, use: VerbUse) -> bool:
    """'The voltage of bus 8 falls': not the bus."""
    subject = next((m for m in sentence.mentions if m.end == use.start), None)
    linked = subject is not None and subject.start > 1 and sentence.tokens[subject.start - 1].word in _OF
    moving = use.act in ("raise", "lower") or use.verb in ("fall", "drop", "trip")
    spelled = sentence.tokens[use.start].lemma in ("fall", "drop", "rise")
    return bool(linked and moving and spelled and subject and _ends_value(sentence, subject.start - 1))


def _ends_value(sentence: Sentence, i: int) -> bool:
    return any(h.end == i and h.concept in _VALUES for h in sentence.hits)


def _acts_on_value(sentence: Sentence, use: VerbUse) -> bool:
    """'Would moving the tap to 4 lower the voltages': what another verb, told as a noun, does to a value."""
    behind = use.end + [t.word for t in sentence.tokens[use.end : use.end + 1]].count("the")
    low = sentence.bounds(use.start)[0]
    verbs = (h.start for h in sentence.hits if h.concept.startswith(("verb:", "particle:")) and low < h.start < use.start)
    told = any(sentence.tokens[i].form == "ing" for i in verbs)
    return told and use.form == "base" and any(h.start == behind and h.concept in _VALUES for h in sentence.hits)
