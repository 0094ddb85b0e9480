"""`python -m evals.training`: learn the classifier's weights from the utterances and write them where the brain reads them.

Reproducible: the same utterances and lexicon give the same file. Prints the accuracy over five folds, which no sentence helped to reach.
"""

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from agent.brains.embedded.classifier import FILE, shown
from evals.training.examples import examples

_RARE = 2  # a feature that fewer sentences show teaches nothing
_STRENGTH = 30.0  # inverse of the regularisation, chosen over the folds among 3, 10, 30, 100


def main() -> None:
    """Learn, tell, write."""
    with tempfile.TemporaryDirectory() as cache:
        pairs = [(label, set(shown(sentence))) for label, sentence in examples(Path(cache))]
    labels = [label for label, _ in pairs]
    names = _names([found for _, found in pairs])
    rows = _rows([found for _, found in pairs], names)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    guessed = cross_val_predict(model, rows, labels, cv=StratifiedKFold(5, shuffle=True, random_state=0))
    print(f"{len(labels)} sentences, {len(names)} features, right over five folds: {100.0 * np.mean(guessed == np.array(labels)):.1f} %")
    for (wanted, found), count in Counter(p for p in zip(labels, guessed, strict=True) if p[0] != p[1]).most_common(15):
        print(f"  {wanted} taken for {found}: {count}")
    model.fit(rows, labels)
    np.savez_compressed(
        FILE,
        names="\n".join(names),
        labels="\n".join(model.classes_),
        weights=model.coef_.T.astype(np.float16),
        bias=model.intercept_.astype(np.float32),
    )


def _names(found: list[set[str]]) -> list[str]:
    counts = Counter(name for one in found for name in one)
    return sorted(name for name, count in counts.items() if count >= _RARE)


def _rows(found: list[set[str]], names: list[str]) -> csr_matrix:
    """One row a sentence, scaled as the classifier scales it: by the root of how many known features it shows."""
    places = {name: i for i, name in enumerate(names)}
    known = [sorted(places[name] for name in one if name in places) for one in found]
    values = [1.0 / np.sqrt(max(len(row), 1)) for row in known for _ in row]
    columns = [column for row in known for column in row]
    starts = np.cumsum([0, *(len(row) for row in known)])
    return csr_matrix((values, columns, starts), shape=(len(found), len(names)))


if __name__ == "__main__":
    main()
