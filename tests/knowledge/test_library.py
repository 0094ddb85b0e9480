"""The one door: named clauses come first, what is not stored is said to be, and words find passages."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.passage import Passage


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """What ships, without meaning: nothing of these tests needs it."""
    return Library(tmp_path_factory.mktemp("knowledge"), model=None)


@pytest.mark.parametrize(
    "question",
    [
        "what does article 35 of SO GL say",
        "art. 35(5) sogl",
        "Regulation 2017/1485, Article 35",
        "paragraph 5 of article 35 of SO GL",
        "SO GL 35",
    ],
)
def test_a_named_clause_comes_first(library: Library, question: str) -> None:
    """However it is written."""
    found = library.search(question)
    assert found.known
    assert (found.hits[0].passage.id, found.hits[0].by) == ("sogl-35", "clause")


@pytest.mark.parametrize("question", ["section 4.2 of the Northgrid manual", "clause 4.2.1", "Northgrid manual 4.2"])
def test_a_section_of_an_added_document_is_found_by_its_number(tmp_path: Path, question: str) -> None:
    """Manuals number their sections without a word before it."""
    told = {"document": "Northgrid manual", "title": "Coupler", "verified": "user"}
    two = [Passage.model_validate({**told, "id": f"n-{n}", "clause": n, "text": f"The coupler of {n}."}) for n in ("4.1", "4.2")]
    hits = Library(tmp_path, passages=two, model=None).search(question).hits
    assert [(hit.passage.id, hit.by) for hit in hits] == [("n-4.2", "clause")]


def test_a_clause_of_several_documents_is_told_of_all(library: Library) -> None:
    """A question that names no document may mean each."""
    documents = {hit.passage.document for hit in library.search("what is in annex II", top=20).hits}
    assert {"Regulation (EU) 2017/1485 (SO GL)", "Regulation (EU) 2016/1388 (NC DCC)"} <= documents


def test_a_clause_that_is_not_stored_is_said_to_be(library: Library) -> None:
    """Its neighbours are the nearest, not the answer."""
    found = library.search("what does article 999 of SO GL say")
    assert not found.known
    assert "Article 999 of Regulation (EU) 2017/1485 (SO GL) is not in the knowledge base" in found.reason
    assert {hit.passage.document for hit in found.hits} == {"Regulation (EU) 2017/1485 (SO GL)"}


@pytest.mark.parametrize(
    "question", ["the grid code of Japan", "IEC 61970 CIM profiles", "best recipe for pancakes", "", "???", "\x00" * 3000]
)
def test_what_nobody_wrote_down_is_not_known(library: Library, question: str) -> None:
    """Nor is an odd question an error."""
    found = library.search(question)
    assert not found.known
    assert found.reason


def test_a_name_that_nobody_mentions_is_not_answered_with_something_else(library: Library) -> None:
    """An article 35 is stored, but not of this document; a question all in capitals names nothing."""
    assert "GDPR" in library.search("what does article 35 of the GDPR say").reason
    assert library.search("MAY N-1 BE VIOLATED DURING A SWITCHING SEQUENCE").known


def test_a_question_is_answered_by_its_words(library: Library) -> None:
    """With the sentence that answers it, word for word."""
    found = library.search("May N-1 be violated during a switching sequence?")
    assert found.known
    assert found.hits[0].passage.id == "sogl-35"
    assert "the course of a switching sequence" in found.hits[0].quote
    assert all(sentence in " ".join(found.hits[0].passage.text.split()) for sentence in found.hits[0].quote.split(" … "))


def test_filters_hold(library: Library) -> None:
    """A document, an area and a day narrow what is searched."""
    assert {h.passage.document for h in library.search("voltage", document="DCC").hits} == {"Regulation (EU) 2016/1388 (NC DCC)"}
    assert all(
        h.passage.jurisdiction != "North America" for h in library.search("voltage range of generators", jurisdiction="GB", top=50).hits
    )
    assert not library.search("what does article 35 of SO GL say", on=date(2016, 1, 1)).known
    assert not library.search("voltage", document="no such document").known


def test_the_newest_edition_in_force_is_told(tmp_path: Path) -> None:
    """A clause that changes later is told as it is on the day."""
    old, new = (
        Passage(
            id=f"x-{year}",
            document="Code X",
            clause="Article 1",
            title="Limit",
            text=f"The limit of {year}.",
            verified="user",
            valid_from=date(year, 1, 1),
        )
        for year in (2020, 2030)
    )
    library = Library(tmp_path, passages=(old, new), model=None)
    assert [h.passage.id for h in library.search("article 1", on=date(2026, 1, 1)).hits] == ["x-2020"]
    assert [h.passage.id for h in library.search("article 1", on=date(2031, 1, 1)).hits] == ["x-2030"]


def test_documents_that_are_added_are_found_at_once(tmp_path: Path) -> None:
    """And no longer after they were removed."""

    class Shelf:
        version = "0"
        held: tuple[Passage, ...] = ()

        def passages(self) -> tuple[Passage, ...]:
            return self.held

    shelf = Shelf()
    library = Library(tmp_path, added=shelf, model=None)
    assert not library.search("marmalade isolator").known
    shelf.held = (
        Passage(id="m-1", document="Manual", clause="", title="Marmalade isolator", text="The marmalade isolator is red.", verified="user"),
    )
    shelf.version = "1"
    assert library.search("marmalade isolator").hits[0].passage.id == "m-1"
    shelf.held, shelf.version = (), "2"
    assert not library.search("marmalade isolator").known
