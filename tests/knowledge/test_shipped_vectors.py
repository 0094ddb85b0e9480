"""The vectors that ship are those of the passages that ship."""

import numpy as np
import pytest

from knowledge.clauses import load_clauses
from knowledge.embedding import load_encoder
from knowledge.index.meaning import understood_text
from knowledge.passage import passage_of
from knowledge.shipped_vectors import key_of, shipped

TEXTS = [understood_text(passage_of(clause)) for clause in load_clauses().values()]


def test_nearly_every_passage_has_one() -> None:
    """Where many changed since, `python -m knowledge.shipped_vectors` writes them again; a first start would have to encode them."""
    missing = [text[:60] for text in TEXTS if key_of(text) not in shipped()]
    assert len(missing) < 0.1 * len(TEXTS), missing[:5]


@pytest.mark.slow
def test_they_are_what_the_model_says() -> None:
    """Half precision moves a cosine by less than a thousandth."""
    texts = [text for text in TEXTS if key_of(text) in shipped()][:5]
    cosines = [float(fresh @ shipped()[key_of(text)]) for text, fresh in zip(texts, load_encoder()(texts), strict=True)]
    assert np.min(cosines) > 0.999
