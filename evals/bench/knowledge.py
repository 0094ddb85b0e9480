"""How long does a question to the knowledge base take, and a start? With what ships, and with thousands of passages."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from agent.app import App
from evals.bench.estimation import resident_mib
from evals.bench.row import Row, percentile, seconds
from evals.knowledge.many import many_passages, many_vectors
from evals.knowledge.question import load_questions
from knowledge.clauses import load_clauses
from knowledge.embedding import Encoder, load_encoder
from knowledge.index.meaning import PassageMeaning, understood_text
from knowledge.index.search import Search
from knowledge.passage import passage_of
from knowledge.shipped_vectors import key_of
from knowledge.vectors import Vectors

_MANY = 5000
_ENCODED = 64
_WARM_UP = 20
# A process of its own: imports, opening and answering as after a restart. Times in seconds.
_START = """
import json, sys, time
began = time.perf_counter()
from pathlib import Path
from knowledge.library import Library
library = Library(Path(sys.argv[1]))
library.search("what does article 35 of SO GL say")
clause = time.perf_counter() - began
from knowledge.embedding import encoder
import chromadb
encoder()
loaded = time.perf_counter()
library.search("may N-1 be violated while switching")
print(json.dumps([clause, time.perf_counter() - loaded]))
"""


def knowledge_times(_app: App) -> list[Row]:
    """Starts first: the rest would leave them a warm cache."""
    with tempfile.TemporaryDirectory(prefix="aeip-knowledge-") as work:
        return [*_starts(Path(work) / "starts"), *_encoding(), *_many(Path(work) / "many")]


def _starts(folder: Path) -> Iterator[Row]:
    count = len(load_clauses())
    for name in ("first", "later"):
        answer = subprocess.run([sys.executable, "-c", _START, str(folder)], check=True, capture_output=True, text=True, timeout=300)
        clause, words = json.loads(answer.stdout)
        yield Row(f"knowledge: {name} start, a named clause", clause, "s", f"{count} passages; imports and reading them included, no model")
        yield Row(f"knowledge: {name} start, a question", words, "s", "after that, and after the model and Chroma were imported")


def _encoding() -> Iterator[Row]:
    encode = load_encoder()
    texts = [understood_text(passage_of(clause)) for clause in load_clauses().values()][:_ENCODED]
    encode(texts[:2])
    yield Row("knowledge: ingest", len(texts) / seconds(lambda: encode(texts)), "/s", f"{len(texts)} passages encoded, one thread")


def _many(folder: Path) -> Iterator[Row]:
    before = resident_mib()
    encode, passages = load_encoder(), many_passages(_MANY)
    meaning = PassageMeaning(passages, folder, None, lambda: encode)
    vectors = many_vectors(encode([understood_text(p) for p in passages[: len(load_clauses())]]), _MANY)
    texts = [understood_text(passage) for passage in passages]
    Vectors(folder / "vectors" / "vectors.db").keep(dict(zip(map(key_of, texts), vectors, strict=True)))
    search, today = Search(passages, meaning), datetime.now(UTC).date()
    yield Row(f"knowledge {_MANY}: index", seconds(search.prepare), "s", "words, and Chroma from vectors that are there")
    both = [_one(search, question.question, today) for question in load_questions("tuning")][_WARM_UP:]
    times, processor = [wall for wall, _ in both], [used for _, used in both]
    how = f"{len(times)} different questions, each encoded and searched once, warm"
    yield Row(f"knowledge {_MANY}: p50", median(times), "ms", how)
    yield Row(f"knowledge {_MANY}: p95", percentile(times, 0.95), "ms", how)
    yield Row(f"knowledge {_MANY}: p95 of processor time", percentile(processor, 0.95), "ms", "the same, without what other processes take")
    yield Row(f"knowledge {_MANY}: agreement", _agreement(meaning, vectors, encode), "%", "of Chroma's 50 nearest are the 50 nearest")
    yield Row(f"knowledge {_MANY}: memory", resident_mib() - before, "MiB", "what the process holds more, the model included")


def _one(search: Search, question: str, today: date) -> tuple[float, float]:
    """Wall and processor time [ms]."""
    began, used = time.perf_counter(), time.process_time()
    search.found(question, None, None, today, 5)
    return (time.perf_counter() - began) * 1e3, (time.process_time() - used) * 1e3


def _agreement(meaning: PassageMeaning, vectors: NDArray[np.float32], encode: Encoder) -> float:
    """Over the questions of the tuning set."""
    shares = []
    for question in load_questions("tuning"):
        found = meaning.nearest(question.question, range(len(vectors))) or {}
        exact = np.argsort(-(vectors @ encode([question.question])[0]), kind="stable")[: len(found)]
        shares.append(len({*found} & {*exact.tolist()}) / len(found))
    return 100.0 * float(np.mean(shares))
