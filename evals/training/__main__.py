"""`python -m evals.training`: learn the classifiers' weights from the utterances and write them where the brain reads them.

Reproducible: the same utterances and lexicon give the same file. Prints the share that is right over five folds.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from agent.brains.embedded.classifier import FILE, masked, shown
from agent.brains.embedded.sentence import Sentence
from evals.training.examples import examples
from knowledge.embedding import load_encoder

_RARE = 2  # a feature that fewer sentences show teaches nothing
_STRENGTH = 30.0  # inverse of the regularisation, the best over the folds of 3, 10, 30, 100


def main(folds: bool) -> None:
    """Learn, tell, write."""
    with tempfile.TemporaryDirectory() as cache:
        labels, sentences = map(list, zip(*examples(Path(cache)), strict=True))
    found = [set(shown(sentence)) for sentence in sentences]
    names = feature_names(found)
    words = rows(found, names)
    both = hstack([words, csr_matrix(meanings(sentences))]).tocsr()
    print(f"{len(labels)} sentences, {len(names)} features", flush=True)
    stored: dict[str, object] = {"names": "\n".join(names)}
    for kind, matrix in (("words", words), ("both", both)):
        model = LogisticRegression(C=_STRENGTH, max_iter=1000)
        if folds:
            _tell(kind, labels, cross_val_predict(model, matrix, labels, cv=StratifiedKFold(5, shuffle=True, random_state=0)))
        model.fit(matrix, labels)
        stored["labels"] = "\n".join(model.classes_)
        stored[f"{kind}_weights"] = model.coef_[:, : len(names)].T.round(2).astype(np.float16)
        stored[f"{kind}_by_meaning"] = model.coef_[:, len(names) :].T.round(2).astype(np.float16)
        stored[f"{kind}_bias"] = model.intercept_.astype(np.float32)
    np.savez_compressed(FILE, **stored)  # type: ignore[arg-type]  # its stub wants arrays, it takes text too


def _tell(kind: str, labels: list[str], guessed: np.ndarray) -> None:
    print(f"{kind}: right over five folds {100.0 * np.mean(guessed == np.array(labels)):.1f} %", flush=True)
    for (wanted, found), count in Counter(p for p in zip(labels, guessed, strict=True) if p[0] != p[1]).most_common(12):
        print(f"  {wanted} taken for {found}: {count}")


def meanings(sentences: list[Sentence]) -> np.ndarray:
    """One unit vector (384,) a sentence."""
    return load_encoder()([masked(sentence) for sentence in sentences])


def feature_names(found: list[set[str]]) -> list[str]:
    counts = Counter(name for one in found for name in one)
    return sorted(name for name, count in counts.items() if count >= _RARE)


def rows(found: list[set[str]], names: list[str]) -> csr_matrix:
    """One row a sentence, scaled as the classifier scales it: by the root of how many known features it shows."""
    places = {name: i for i, name in enumerate(names)}
    known = [sorted(places[name] for name in one if name in places) for one in found]
    values = [1.0 / np.sqrt(max(len(row), 1)) for row in known for _ in row]
    columns = [column for row in known for column in row]
    starts = np.cumsum([0, *(len(row) for row in known)])
    return csr_matrix((values, columns, starts), shape=(len(found), len(names)))


if __name__ == "__main__":
    main(folds="--folds" in sys.argv)
