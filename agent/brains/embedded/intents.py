"""Which intent does a sentence speak for, and is it clear enough?"""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.brains.embedded.classifier import Meaning, classifier
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.sentence import Sentence

_CLEAR, _MARGIN = 0.4, 0.12  # probability of a winner, and before the next one, below which the assistant asks back
_OPTION = 0.04  # what is less likely is not offered
_OF_LABEL = {
    "remedies": (Intent.EXPLAIN, "relief"),
    "knowledge": (Intent.UNBUILT, "knowledge"),
    "asset_health": (Intent.UNBUILT, "asset_health"),
}


@dataclass(frozen=True)
class Judgement:
    """`intent` when clear (`topic`: what of it); else `options`, the likeliest first. `probability` is that of the likeliest label."""

    intent: Intent | None
    options: tuple[Intent, ...] = ()
    topic: str = ""
    probability: float = 0.0


def likelihoods(sentence: Sentence, meaning: Meaning | None) -> dict[tuple[Intent, str], float]:
    """Probability of each intent with its topic, adding up to 1, the likeliest first."""
    found = classifier().probabilities(sentence, meaning)
    return {of_label(label): p for label, p in sorted(found.items(), key=lambda pair: -pair[1])}


def of_label(label: str) -> tuple[Intent, str]:
    """A label of the training sentences as intent and topic."""
    family, _, topic = label.partition(":")
    return _OF_LABEL.get(family) or (Intent(family), topic)


def judge(sentence: Sentence, meaning: Meaning | None) -> Judgement:
    """The intent of a sentence; two or three options where none is clear."""
    return judged(likelihoods(sentence, meaning))


def judged(found: Mapping[tuple[Intent, str], float]) -> Judgement:
    (first, p), (_, second) = list(found.items())[:2]
    if p >= _CLEAR and p - second >= _MARGIN:
        return Judgement(first[0], topic=first[1], probability=p)
    options = tuple(dict.fromkeys(intent for (intent, _), share in found.items() if share >= _OPTION))
    return Judgement(None, options, probability=p)
