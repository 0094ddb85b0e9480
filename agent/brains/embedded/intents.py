"""Which intent does a sentence speak for, and is it clear enough?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from agent.brains.embedded.classifier import Meaning, classifier
from agent.brains.embedded.evidence import evidence
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.lookup_evidence import asks_of_the_present
from agent.brains.embedded.sentence import Sentence

_CLEAR, _MARGIN = 0.4, 0.12  # probability of a winner, and before the next one, below which the assistant asks back
_WEIGHT, _MOST, _UNSHOWN = 0.7, 4.0, 1.0  # of evidence: its weight, the most that counts, what an intent without concepts has
_OPTION = 0.04  # what is less likely is not offered
_OF_LABEL = {
    "remedies": (Intent.EXPLAIN, "relief"),
    "asset_health": (Intent.UNBUILT, "asset_health"),
}


@dataclass(frozen=True)
class Judgement:
    """`intent` when clear (`topic`: what of it); else `options`, the likeliest first. `probability` is that of the likeliest label."""

    intent: Intent | None
    options: tuple[Intent, ...] = ()
    topic: str = ""
    probability: float = 0.0


@lru_cache(maxsize=16)  # grammar, arbiter and question ask about the same sentence
def likelihoods(sentence: Sentence, meaning: Meaning | None) -> dict[tuple[Intent, str], float]:
    """Probability of each intent with its topic, adding up to 1, the likeliest first."""
    found = {of_label(label): p for label, p in classifier().probabilities(sentence, meaning).items()}
    if asks_of_the_present(sentence):  # 'what limits are violated?': no book knows
        found.pop((Intent.KNOWLEDGE, ""), None)
    total = sum(found.values())
    return {key: found[key] / total for key in sorted(found, key=lambda key: -found[key])}


def of_label(label: str) -> tuple[Intent, str]:
    """A label of the training sentences as intent and topic."""
    family, _, topic = label.partition(":")
    return _OF_LABEL.get(family) or (Intent(family), topic)


def judge(sentence: Sentence, meaning: Meaning | None) -> Judgement:
    """The intent of a sentence that changes nothing; two or three options where none is clear."""
    return judged(_weighed(likelihoods(sentence, meaning), evidence(sentence)))


def _weighed(found: Mapping[tuple[Intent, str], float], shown: Mapping[Intent, float]) -> dict[tuple[Intent, str], float]:
    """The likelihoods with the evidence of the concepts besides: what was learnt knows more sentences, concepts know the trade."""
    grown = {key: p * exp(_WEIGHT * min(shown.get(key[0], _UNSHOWN), _MOST)) for key, p in found.items()}
    total = sum(grown.values())
    return {key: grown[key] / total for key in sorted(grown, key=lambda key: -grown[key])}


def judged(found: Mapping[tuple[Intent, str], float]) -> Judgement:
    (first, p), (_, second) = list(found.items())[:2]
    if p >= _CLEAR and p - second >= _MARGIN:
        return Judgement(first[0], topic=first[1], probability=p)
    options = tuple(dict.fromkeys(intent for (intent, _), share in found.items() if share >= _OPTION))
    return Judgement(None, options, probability=p)
