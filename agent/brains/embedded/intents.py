"""Which intent does the evidence speak for, and is it clear enough?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.brains.embedded.features import features
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file

Similar = Callable[[str], Mapping[str, float]]  # masked sentence → similarity of the most alike utterance of each intent


@dataclass(frozen=True)
class Judgement:
    """`intent` when clear (`topic`: which unbuilt capability); else `options`, the likeliest first."""

    intent: Intent | None
    options: tuple[Intent, ...] = ()
    topic: str = ""


@lru_cache
def _weights() -> dict[Intent, dict[str, float]]:
    return {Intent(name): {f: float(w) for f, w in row.items()} for name, row in data_file("intents.yaml")["weights"].items()}


@lru_cache
def _limits(section: str) -> dict[str, float]:
    return {k: float(v) for k, v in data_file("intents.yaml")[section].items()}


def evidence(sentence: Sentence, *, pointed: bool = False) -> dict[Intent, float]:
    """Sum of weights of what the sentence shows, by intent; `pointed`: it speaks of a known element without naming it."""
    shown = features(sentence) | ({"mention"} if pointed else set())
    return {intent: sum(w for feature, w in row.items() if feature in shown) for intent, row in _weights().items()}


def judge(sentence: Sentence, similar: Similar | None, *, pointed: bool = False) -> Judgement:
    """The intent of a sentence that speaks of no change. `similar` is asked only when words alone do not decide."""
    scores = evidence(sentence, pointed=pointed)
    ranked = sorted(scores, key=lambda intent: -scores[intent])
    first, second = ranked[:2]
    decide = _limits("decide")
    if scores[first] >= decide["score"] and scores[first] - scores[second] >= decide["margin"]:
        return Judgement(first)
    if sentence.has("off_topic") and scores[first] < decide["score"]:
        return Judgement(Intent.OFF_TOPIC)
    return _with_similarity(scores, similar(masked(sentence)) if similar else {})


def _with_similarity(scores: Mapping[Intent, float], alike: Mapping[str, float]) -> Judgement:
    """Evidence and similarity together; two or three options where even that is not clear."""
    limits = _limits("similar")
    total = {intent.value: score for intent, score in scores.items()}
    for name, cosine in alike.items():
        total[name] = total.get(name, 0.0) + limits["weight"] * max(cosine - limits["floor"], 0.0)
    ranked = sorted(total, key=lambda name: -total[name])
    first, second = ranked[:2]
    if alike and max(scores.values()) < limits["none"] and max(alike.values()) < limits["off_topic"]:
        return Judgement(Intent.OFF_TOPIC)
    if first == Intent.OFF_TOPIC.value and max(scores.values()) < limits["none"]:
        return Judgement(Intent.OFF_TOPIC)
    if total[first] >= limits["score"] and total[first] - total[second] >= limits["margin"]:
        family, _, topic = first.partition(":")
        return Judgement(Intent(family), topic=topic)
    return Judgement(None, tuple(Intent(name) for name in ranked if name in set(scores) and total[name] > 0.0))


def masked(sentence: Sentence) -> str:
    """The sentence with every element name replaced by its kind, so that similarity sees what is said and not about which element."""
    words: list[str] = []
    i = 0
    while i < len(sentence.tokens):
        mention = sentence.mention_at(i)
        words.append(f"the {mention.kinds[0].value}" if mention else sentence.tokens[i].word)
        i = mention.end if mention else i + 1
    return " ".join(words)
