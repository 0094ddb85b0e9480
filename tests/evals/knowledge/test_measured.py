"""What is counted, and what the search must reach on the questions that it was calibrated on."""

import json
from datetime import date
from pathlib import Path

import pytest

from evals.knowledge.command import run
from evals.knowledge.measured import Judged, counted, judged
from evals.knowledge.question import Question, load_questions
from evals.knowledge.ways import ways
from evals.scenario_file import InvalidScenario
from knowledge.clauses import load_clauses
from knowledge.found import Found, Hit
from knowledge.passage import Passage

_DAY = date(2026, 11, 29)


def answered(question: str, wanted: list[list[str]], known: bool, *ids: str) -> Judged:
    asked = Question.model_validate({"id": question, "question": question, "wanted": wanted})
    hits = tuple(
        Hit(passage=Passage(id=one, document="D", clause="", title="T", text="A.", verified="user"), quote="A.", score=1.0, by="words")
        for one in ids
    )
    return Judged(asked, Found(known=known, hits=hits, total=3))


def test_figures_are_what_they_are_called() -> None:
    """Two answerable questions, one of them refused, and two that are not, one of them answered."""
    found = counted(
        [
            answered("a", [["x", "y"]], True, "z", "y"),
            answered("b", [["x"], ["y"]], False, "x", "z"),
            answered("c", [], False, "z"),
            answered("d", [], True, "z"),
        ]
    )
    assert (found["recall_at_5"], found["mrr"], found["first_is_right"]) == (0.75, 0.75, 0.5)
    assert (found["no_answer_precision"], found["no_answer_recall"], found["answered_of_answerable"]) == (0.5, 0.5, 0.5)


def test_wanted_passages_exist() -> None:
    """A question whose passage was renamed would be counted as not found."""
    ids = load_clauses().keys()
    assert not [one for q in load_questions("tuning") for group in q.wanted for one in group if one not in ids]


def test_words_alone_find_most(tmp_path: Path) -> None:
    """Without the model: measured 0.92 and 0.82; a change of the passages may cost a little, a broken search costs much."""
    found = counted(judged(load_questions("tuning"), ways(tmp_path)["words"], _DAY))
    assert float(str(found["recall_at_5"])) > 0.85
    assert float(str(found["no_answer_recall"])) > 0.7


@pytest.mark.slow
def test_both_find_more_than_either(capsys: pytest.CaptureFixture[str]) -> None:
    """With the model, through the command."""
    assert run(["tuning", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["tuning"]
    assert found["fused"]["recall_at_5"] >= max(found["words"]["recall_at_5"], found["meaning"]["recall_at_5"])
    assert found["fused"]["mrr"] >= max(found["words"]["mrr"], found["meaning"]["mrr"])


def test_a_set_that_does_not_exist_is_said() -> None:
    """With those that do."""
    with pytest.raises(InvalidScenario, match="tuning"):
        load_questions("no-such-set")
