"""How much do the concepts of a sentence speak for each intent? Weights by hand, as a rule of thumb beside what was learnt."""

from functools import lru_cache

from agent.brains.embedded.features import features
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file


@lru_cache
def _weights() -> dict[Intent, dict[str, float]]:
    return {Intent(name): {f: float(w) for f, w in row.items()} for name, row in data_file("intents.yaml")["weights"].items()}


def evidence(sentence: Sentence, *, pointed: bool = False) -> dict[Intent, float]:
    """Sum of weights of what the sentence shows, by intent; `pointed`: it speaks of a known element without naming it."""
    shown = features(sentence) | ({"mention"} if pointed else set())
    return {intent: sum(w for feature, w in row.items() if feature in shown) for intent, row in _weights().items()}
