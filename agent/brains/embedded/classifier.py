"""Which label do the words speak for? Two small trained linear classifiers; their weights are data, made by `python -m evals.training`.

The first reads what the grammar read (base forms, pairs of them, concepts, features, units) with names and numbers masked; the
second reads the sentence's meaning as a vector besides, and is asked where the first is in doubt. Neither ever decides polarity.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.brains.embedded.evidence import evidence
from agent.brains.embedded.features import features
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import DATA

FILE = DATA / "classifier.npz"
SURE = 0.7  # probability with which the words alone are enough
Vector = NDArray[np.float32]
Meaning = Callable[[str], Vector | None]


@dataclass(frozen=True)
class Linear:
    """`weights`: one row a feature, one column a label; `bias`: one a label; `by_meaning`: one row a dimension, or no rows."""

    weights: Vector
    by_meaning: Vector
    bias: Vector

    def scores(self, known: list[int], vector: Vector | None) -> Vector:
        found = self.bias + self.weights[known].sum(axis=0) / np.float32(np.sqrt(max(len(known), 1)))
        return found if vector is None else np.asarray(found + vector @ self.by_meaning)


@dataclass(frozen=True)
class Classifier:
    labels: tuple[str, ...]
    places: Mapping[str, int]
    words: Linear
    both: Linear

    def probabilities(self, sentence: Sentence, meaning: Meaning | None) -> dict[str, float]:
        """Probability of each label, adding up to 1. `meaning` is asked only where the words leave doubt."""
        known = [self.places[name] for name in set(shown(sentence)) if name in self.places]
        found = _softmax(self.words.scores(known, None))
        vector = meaning(masked(sentence)) if meaning is not None and found.max() < SURE else None
        if vector is not None:
            found = _softmax(self.both.scores(known, vector))
        return {label: round(float(p), 6) for label, p in zip(self.labels, found, strict=True)}


def _softmax(scores: Vector) -> Vector:
    grown = np.exp(scores - scores.max())
    return np.asarray(grown / grown.sum(), dtype=np.float32)


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The trained classifiers, read once."""
    with np.load(FILE, allow_pickle=False) as stored:
        names = str(stored["names"]).split("\n")
        linear = {
            kind: Linear(*(stored[f"{kind}_{part}"].astype(np.float32) for part in ("weights", "by_meaning", "bias")))
            for kind in ("words", "both")
        }
        return Classifier(tuple(str(stored["labels"]).split("\n")), {name: i for i, name in enumerate(names)}, **linear)


def shown(sentence: Sentence) -> Iterator[str]:
    """What the classifier looks at, by name."""
    words = list(masked_words(sentence))
    yield from (f"w {word}" for word in words)
    yield from (f"p {a} {b}" for a, b in pairwise(["^", *words, "$"]))
    yield from (f"f {name}" for name in features(sentence))
    yield from (f"q {q.unit or 'number'} {q.relation}" for q in sentence.quantities)
    yield f"n {min(len(words), 30) // 5}"
    speaking = sorted(((score, intent) for intent, score in evidence(sentence).items()), reverse=True)
    yield from (f"e {intent} {min(int(score), 3)}" for score, intent in speaking[:2] if score > 0.0)


def masked_words(sentence: Sentence) -> Iterator[str]:
    """Base forms; a name is its kind in capitals, a number with its unit 'NUMBER'."""
    taken = {i: q for q in sentence.quantities for i in range(q.start, q.end)}
    i = 0
    while i < len(sentence.tokens):
        mention = sentence.mention_at(i)
        if mention:
            yield mention.kinds[0].value.upper() if len(mention.kinds) == 1 else "ELEMENT"
            i = mention.end
            continue
        token = sentence.tokens[i]
        yield "NUMBER" if i in taken or token.is_number else token.lemma
        i = taken[i].end if i in taken else i + 1


def masked(sentence: Sentence) -> str:
    """The sentence with every name replaced by its kind: what the meaning is taken from, so that it is what is said and not about what."""
    words: list[str] = []
    i = 0
    while i < len(sentence.tokens):
        mention = sentence.mention_at(i)
        words.append(f"the {mention.kinds[0].value}" if mention else sentence.tokens[i].word)
        i = mention.end if mention else i + 1
    return " ".join(words)
