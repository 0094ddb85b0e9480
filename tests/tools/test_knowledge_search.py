"""What the assistant is told of a code: the passages with where they stand, how they differ, and nothing where nothing is stored."""

from datetime import date

import pytest

from evals.doubles.passage_shelf import PassageShelf
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from knowledge.clauses import clause
from knowledge.found import Difference, Found, Hit
from knowledge.passage import Passage, passage_of
from tools.context import StudyContext
from tools.knowledge_result import KnowledgeResult
from tools.registry import InvalidArguments, run_study

ADDED = Passage(
    id="3fa9-2",
    document="Substation handbook",
    clause="4.2",
    title="Access to the yard",
    text="Nobody enters the yard alone. Two persons sign the book.",
    verified="user",
    page=17,
    source="handbook.pdf",
    suspicious=("Two persons sign the book.",),
)


def search(grid: Grid, shelf: PassageShelf | None, **args: object) -> KnowledgeResult:
    result = run_study(
        "knowledge_search", args, StudyContext(grid.state_at(), OperatingLimits((), 100.0, "branch-loading"), knowledge=shelf)
    )
    assert isinstance(result, KnowledgeResult)
    return result


def test_a_clause_is_found_with_everything_that_it_is_cited_by(default_grid: Grid) -> None:
    """Document, clause, edition, jurisdiction, validity and whether it was checked, as the stored clause has them."""
    found = search(default_grid, PassageShelf(), query="what does article 35 say", document="2017/1485")
    row, stored = found.passages[0], clause("sogl-35")
    assert (row.id, row.document, row.clause, row.edition) == (stored.id, stored.standard, stored.clause, stored.edition)
    assert (row.jurisdiction, row.valid_from, row.verified) == (stored.jurisdiction, stored.valid_from, stored.verified)
    assert row.quote in " ".join(stored.text.split())
    assert found.headline() == f'{row.cited}: "{row.quote}"'


def test_a_document_of_the_house_is_told_as_one_and_marked(default_grid: Grid) -> None:
    """Page and file name, not checked by us, and that it holds what reads like an instruction."""
    row = search(default_grid, PassageShelf([ADDED]), query="who enters the yard alone").passages[0]
    assert (row.id, row.verified, row.page, row.source, row.suspicious) == ("3fa9-2", "user", 17, "handbook.pdf", True)


def test_nothing_stored_is_said_and_nothing_is_quoted(default_grid: Grid) -> None:
    """The nearest clauses are named, without their words."""
    found = search(default_grid, PassageShelf(), query="tariffs of a cinema")
    assert not found.known
    assert found.passages == ()
    assert found.headline().startswith("Not in the knowledge base: ")
    assert "aeip knowledge add" in found.reason


def test_without_a_knowledge_base_nothing_is_known(default_grid: Grid) -> None:
    """A context without one is no failure."""
    assert search(default_grid, None, query="what does article 35 say").known is False


def test_what_sources_put_differently_is_told_with_each_source(default_grid: Grid) -> None:
    """One sentence with each value, where it holds and where it stands."""
    difference = Difference(
        quantity="highest voltage from 110 kV",
        unit="pu",
        values=(("Great Britain", "0.90 to 1.10", "sogl-annex-ii"), ("", "0.90 to 1.118", "dcc-annex-ii-110")),
    )
    found = search(default_grid, PassageShelf(differences=[difference]), query="voltage ranges of annex II in Great Britain")
    (told,) = found.differences
    assert told.values == ("Great Britain: 0.90 to 1.10 pu", "0.90 to 1.118 pu")
    assert told.sentence.startswith(
        "highest voltage from 110 kV: 0.90 to 1.10 pu (Great Britain; Regulation (EU) 2017/1485 (SO GL), Annex II"
    )
    assert told.sentence.endswith(f"0.90 to 1.118 pu ({clause('dcc-annex-ii-110').citation}).")


def test_document_place_day_and_number_are_handed_on(default_grid: Grid) -> None:
    """What is asked for narrows the search, nothing else does."""
    seen: list[dict[str, object]] = []

    class Listening(PassageShelf):
        def search(self, query: str, **wanted: object) -> Found:  # type: ignore[override]
            seen.append({"query": query, **wanted})
            return Found(known=True, hits=(Hit(passage=passage_of(clause("sogl-35")), quote="x", score=1, by="words"),), total=1)

    search(default_grid, Listening(), query="N-1", document="SO GL", jurisdiction="Ireland", on="2020-01-01", top=7)
    search(default_grid, Listening(), query="N-1")
    assert seen == [
        {"query": "N-1", "document": "SO GL", "jurisdiction": "Ireland", "on": date(2020, 1, 1), "top": 7},
        {"query": "N-1", "document": None, "jurisdiction": None, "on": None, "top": 3},
    ]


@pytest.mark.parametrize("args", [{}, {"query": ""}, {"query": "x", "top": 0}, {"query": "x", "top": 11}, {"query": "x", "on": "soon"}])
def test_arguments_that_do_not_fit_are_refused(default_grid: Grid, args: dict[str, object]) -> None:
    """In one sentence that names the field."""
    with pytest.raises(InvalidArguments):
        search(default_grid, PassageShelf(), **args)
