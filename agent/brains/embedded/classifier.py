"""Which intent do the words speak for? A small trained linear classifier; its weights are data, made by `python -m evals.training`.

It reads what the grammar read (base forms, pairs of them, concepts, features, units) with names and numbers masked. It never
decides polarity.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.brains.embedded.features import features
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import DATA

FILE = DATA / "classifier.npz"


@dataclass(frozen=True)
class Classifier:
    """`weights`: one row a feature, one column a label; `bias`: one a label."""

    labels: tuple[str, ...]
    places: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, sentence: Sentence) -> dict[str, float]:
        """Probability of each label, adding up to 1."""
        known = [self.places[name] for name in set(shown(sentence)) if name in self.places]
        scores = self.bias + self.weights[known].sum(axis=0) / np.sqrt(max(len(known), 1))
        grown = np.exp(scores - scores.max())
        return {label: round(float(p), 6) for label, p in zip(self.labels, grown / grown.sum(), strict=True)}


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The trained classifier, read once."""
    with np.load(FILE, allow_pickle=False) as stored:
        names = tuple(str(stored["names"]).split("\n"))
        return Classifier(
            labels=tuple(str(stored["labels"]).split("\n")),
            places={name: i for i, name in enumerate(names)},
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
        )


def shown(sentence: Sentence) -> Iterator[str]:
    """What the classifier looks at, by name."""
    words = list(masked_words(sentence))
    yield from (f"w {word}" for word in words)
    yield from (f"p {a} {b}" for a, b in pairwise(["^", *words, "$"]))
    yield from (f"f {name}" for name in features(sentence))
    yield from (f"q {q.unit or 'number'} {q.relation}" for q in sentence.quantities)
    yield f"n {min(len(words), 30) // 5}"


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
