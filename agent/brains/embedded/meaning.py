"""What does a sentence mean, as a vector? Asked only when the words alone leave doubt; the model itself is the knowledge base's."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import encoder


@lru_cache(maxsize=256)
def meaning(text: str) -> NDArray[np.float32] | None:
    """The sentence as a unit vector (384,); None when the model cannot be used."""
    model = encoder()
    return None if model is None else model([text])[0]
