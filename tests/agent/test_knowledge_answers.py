"""From a question about a code to the answer: sentences word for word, where they stand, what doubt there is, and a study beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.answer import Answer, Status
from agent.app import App
from agent.grounding.evidence_check import check_evidence
from agent.rendering.passages import read_passages
from evals.doubles.fresh_app import fresh_app
from evals.doubles.passage_shelf import PassageShelf
from knowledge.clauses import clause
from knowledge.found import Difference
from knowledge.passage import Passage

HOUSE = Passage(
    id="house-3",
    document="House rules",
    clause="3.1",
    title="Kettles in the control room",
    text="A kettle in the control room draws at most 2.2 kW. It is filled by the day shift.\n\nNobody else fills a kettle.",
    verified="user",
    page=4,
    source="house.docx",
)
DIFFERENT = Difference(
    quantity="highest voltage of a kettle",
    unit="pu",
    values=(("Great Britain", "at most 1.10", "house-3"), ("Continental Europe", "at most 1.118", "sogl-annex-ii")),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, grid_cache: Path) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agent.app.plants.library", lambda settings: PassageShelf([HOUSE], [DIFFERENT]))
        with fresh_app(tmp_path_factory.mktemp("app") / "data", grid_cache, grid="training", owned=False) as found:
            yield found


def ask(app: App, question: str, session: str | None = None) -> Answer:
    """The answer, of which everything has its evidence."""
    answer = app.ask(question, session=session)
    assert check_evidence(answer.model_dump(mode="json")) == []
    assert answer.unsupported == ()
    return answer


def test_a_clause_is_quoted_and_cited(app: App) -> None:
    """At most two sentences, with document, clause, edition, jurisdiction and validity."""
    answer, stored = ask(app, "What does article 35 of 2017/1485 say?"), clause("sogl-35")
    assert answer.status is Status.ANSWERED
    quote = answer.tool_calls[0].result["passages"][0]["quote"]  # type: ignore[index,call-overload]
    assert f"> {quote}" in answer.answer
    for told in (stored.standard, stored.clause, stored.edition, stored.jurisdiction, stored.valid_from.isoformat()):
        assert told in answer.answer
    assert (answer.citations[0].document, answer.citations[0].clause) == (stored.standard, stored.clause)


def test_what_a_user_added_is_citable_and_said_to_be_unchecked(app: App) -> None:
    """With the file and the page; its id is in no folder of ours."""
    answer = ask(app, "What do the House rules say about kettles in the control room?")
    assert "> A kettle in the control room draws at most 2.2 kW." in answer.answer
    assert "was not checked by AEIP" in answer.answer
    assert "house.docx; page 4" in answer.answer
    assert answer.citations[0].document == "House rules"


def test_where_sources_differ_each_is_told(app: App) -> None:
    """One line a quantity, each value with its area and where it stands."""
    answer = ask(app, "What do the House rules say about kettles in the control room?")
    assert "depends on the area" in answer.answer
    assert "at most 1.10 pu (Great Britain; House rules, 3.1), at most 1.118 pu (Continental Europe; " in answer.answer


def test_what_is_not_stored_is_said_and_not_guessed(app: App) -> None:
    """Answered, with what would work, and nothing quoted or cited."""
    answer = ask(app, "What does article 735 say about penguins?")
    assert answer.status is Status.ANSWERED
    assert "not in the knowledge base" in answer.answer
    assert "aeip knowledge add" in answer.answer
    assert ">" not in answer.answer
    assert answer.citations == ()


def test_a_study_and_a_code_are_told_side_by_side(app: App) -> None:
    """The grid's own numbers with their evidence, then the words of the code."""
    answer = ask(app, "Are we inside the voltage limits of SO GL now?")
    assert [call.tool for call in answer.tool_calls] == ["power_flow", "knowledge_search"]
    assert {proof.tool_call for proof in answer.evidence} == {"E1"}
    assert answer.answer.index("pu") < answer.answer.index("> ")
    assert any("2017/1485" in citation.document for citation in answer.citations)


def test_the_whole_passage_and_its_edition_on_request(app: App) -> None:
    """Each in a message of its own about the passage that was quoted."""
    ask(app, "What do the House rules say about kettles in the control room?", "kettles")
    assert "> Nobody else fills a kettle." in ask(app, "show the whole passage", "kettles").answer
    told = ask(app, "which page is that on?", "kettles").answer
    assert "house.docx; page 4" in told
    assert "2.2 kW" not in told


def test_beside_the_answer_the_passage_is_read_in_full(app: App) -> None:
    """Named as in the answer, with the quoted sentences in bold and the doubts below."""
    answer = ask(app, "What do the House rules say about kettles in the control room?")
    (first, *_) = read_passages(answer.tool_calls)
    assert first.name == "House rules, 3.1"
    assert f"**{first.name}**" in answer.answer
    assert "**A kettle in the control room draws at most 2.2 kW. It is filled by the day shift.**" in first.markdown
    assert "\n\nNobody else fills a kettle." in first.markdown
    assert "was not checked by AEIP" in first.markdown
