"""The vectors of the passages that ship, so that a first start has nothing to encode: `python -m knowledge.shipped_vectors` writes them.

They are found by the hash of model and text: a passage that changed since is encoded on the machine that searches it.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import MODEL_SHA256

FILE = Path(__file__).parent / "data" / "vectors.npz"


def key_of(text: str) -> bytes:
    """Of the text and the model: another model's vectors are other vectors."""
    return hashlib.sha256(f"{MODEL_SHA256}\n{text}".encode()).digest()


@lru_cache(maxsize=1)
def shipped() -> Mapping[bytes, NDArray[np.float32]]:
    """Unit vectors by key; none where the file is not there."""
    if not FILE.exists():
        return {}
    with np.load(FILE) as stored:
        keys, vectors = stored["keys"], stored["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def write(texts: list[str]) -> None:
    """Half precision: cosines move by less than 0.001."""
    from knowledge.embedding import load_encoder

    texts = sorted(set(texts), key=lambda text: (len(text), text))
    keys = np.frombuffer(b"".join(map(key_of, texts)), dtype=np.uint8).reshape(len(texts), -1)
    np.savez_compressed(FILE, keys=keys, vectors=load_encoder()(texts).astype(np.float16))


if __name__ == "__main__":
    from knowledge.clauses import load_clauses
    from knowledge.index.meaning import understood_text
    from knowledge.passage import passage_of

    write([understood_text(passage_of(clause)) for clause in load_clauses().values()])
