"""The index of meaning: the same answers with and without Chroma, after a crash, beside another process, and without the model."""

import hashlib
import logging
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.index.collection import Shelf
from knowledge.index.meaning import PassageMeaning
from knowledge.index.search import Search
from knowledge.passage import Passage
from knowledge.vectors import NoModel, Vectors

_TODAY = date(2026, 11, 29)


def encode(texts: list[str]) -> NDArray[np.float32]:
    """A stand-in for the model, fast and the same in every process: texts that share words are near."""
    found = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().replace(".", " ").split():
            found[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % 384] += 1.0
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def passages(count: int, word: str = "thing") -> list[Passage]:
    return [
        Passage(id=f"{word}-{i}", document="D", clause="", title=f"{word}{i}", text=f"Of {word}{i} and {word}{i + 1}.", verified="user")
        for i in range(count)
    ]


def opened(folder: Path, stored: list[Passage]) -> PassageMeaning:
    meaning = PassageMeaning(stored, folder, None, lambda: encode)
    meaning.prepare()
    return meaning


def best(meaning: PassageMeaning, question: str, count: int) -> list[int]:
    found = meaning.nearest(question, range(count))
    assert found is not None
    return sorted(found, key=lambda at: (-found[at], at))[:3]


def test_chroma_finds_what_comparing_one_by_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also among a part of the passages."""
    stored = passages(120)
    indexed = opened(tmp_path / "a", stored)
    monkeypatch.setattr(Shelf, "opened", _broken)
    exact = opened(tmp_path / "b", stored)
    for pool in (range(120), range(40, 60)):
        one, other = indexed.nearest("thing50 thing51", pool), exact.nearest("thing50 thing51", pool)
        assert one is not None
        assert other is not None
        assert max(one, key=lambda at: one[at]) == max(other, key=lambda at: other[at])
        assert all(one[at] == pytest.approx(other[at], abs=1e-5) for at in {*one} & {*other})


def _broken(*_: object) -> None:
    raise RuntimeError("Chroma cannot start")


def test_a_damaged_folder_is_built_anew_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The index and the cache of vectors alike."""
    stored = passages(30)
    before = best(opened(tmp_path, stored), "thing7", 30)
    _forget_open_folders()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    (tmp_path / "vectors" / "vectors.db").write_bytes(b"garbage" * 1000)
    with caplog.at_level(logging.WARNING):
        assert best(opened(tmp_path, stored), "thing7", 30) == before
    assert "The index of meaning" in caplog.text
    assert "The file of vectors" in caplog.text


def _forget_open_folders() -> None:
    """As after a restart: Chroma keeps the clients of a process."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


_SWITCH_TWICE = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("stand_ins", sys.argv[1])
stand_ins = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stand_ins)
for word in ("other", "third"):
    stand_ins.opened(Path(sys.argv[2]), stand_ins.passages(20, word))
"""


def test_another_process_may_switch_while_this_one_searches(tmp_path: Path) -> None:
    """Contents change twice elsewhere, so that the collection open here is dropped; it is built again from kept vectors."""
    mine = opened(tmp_path, passages(20))
    before = best(mine, "thing7", 20)
    subprocess.run([sys.executable, "-c", _SWITCH_TWICE, __file__, str(tmp_path)], check=True, timeout=120)
    assert best(mine, "thing7", 20) == before


def test_no_collection_brings_an_encoder_of_its_own(tmp_path: Path) -> None:
    """Chroma's default one would be fetched from the network."""
    collection = Shelf(tmp_path, None).opened("aeip_kb_test", 1, lambda: encode(["one"]))
    assert collection._embedding_function is None


def test_without_the_model_words_answer_and_the_reason_says_so(tmp_path: Path) -> None:
    """The same passages, by words."""
    search = Search(passages(20), PassageMeaning(passages(20), tmp_path, None, lambda: None))
    found = search.found("thing7", None, None, _TODAY, 5)
    assert found.hits[0].passage.id in ("thing-7", "thing-6")
    assert "Only words were compared" in found.reason


def test_no_question_waits_for_many_new_passages(tmp_path: Path) -> None:
    """Words answer until somebody has encoded them."""
    stored = passages(300)
    meaning = PassageMeaning(stored, tmp_path, None, lambda: encode)
    search = Search(stored, meaning)
    assert "have not been encoded yet" in search.found("thing7", None, None, _TODAY, 5).reason
    told: list[tuple[int, int]] = []
    search.prepare(lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert search.found("thing7", None, None, _TODAY, 5).reason == ""


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    """And a text without vector needs the model."""
    vectors = Vectors(tmp_path / "vectors.db")
    first = vectors.of(["one", "two", "one"], lambda: encode)
    assert np.array_equal(vectors.of(["two", "one"], lambda: None), first[[1, 0]])
    assert vectors.missing(["one", "three"]) == 1
    with pytest.raises(NoModel):
        vectors.of(["three"], lambda: None)


def test_search_is_deterministic(tmp_path: Path) -> None:
    """Two libraries on two folders answer alike, down to the scores."""
    one, other = (Search(passages(100), opened(tmp_path / name, passages(100))) for name in "ab")
    for question in ("thing7 or thing8", "thing", "what of thing99", "none of it"):
        assert one.found(question, None, None, _TODAY, 5) == other.found(question, None, None, _TODAY, 5)
