"""Clauses as people name them."""

import pytest

from knowledge.index.clause_asked import Reference, references, without_references


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("what does article 35 say", ["Article 35"]),
        ("Art. 35(5) so gl", ["Article 35(5)"]),
        ("paragraph 5 of article 35", ["Article 35(5)"]),
        ("article 35, paragraph 4", ["Article 35(4)"]),
        ("Articles 20 to 22, 25", ["Article 20", "Article 21", "Article 22", "Article 25"]),
        ("Article 13(1) and (3) and Annex II, 300 kV to 400 kV", ["Article 13(1)", "Article 13(3)", "Annex II"]),
        ("annex ii, tables 1 and 2", ["Annex II", "Table 1", "Table 2"]),
        ("PRC-023 R1", ["R1"]),
        ("requirements R1 to R3", ["R1", "R2", "R3"]),
        ("clause 7.2 of IEEE 1547", ["Section 7.2"]),
        ("Grid Code CC.6.1.4", ["CC.6.1.4"]),
        ("Attachment 1", ["Attachment 1"]),
        ("the articles that I read in a table", []),
        ("300 kV in an annex", []),
    ],
)
def test_clauses_are_read(text: str, named: list[str]) -> None:
    """In any of the usual ways, ranges included; voltages are no numbers of annexes."""
    assert [reference.words for reference in references(text)] == named


def test_a_part_belongs_to_its_whole() -> None:
    """7.2 to 7 and 35(5) to 35, but not 72 to 7 and not 35(5) to 35(4)."""
    assert Reference("section", "7.2").within(Reference("section", "7"))
    assert Reference("article", "35", "5").within(Reference("article", "35"))
    assert not Reference("section", "72").within(Reference("section", "7"))
    assert not Reference("article", "35", "5").within(Reference("article", "35", "4"))
    assert not Reference("article", "1").within(Reference("annex", "1"))


def test_the_rest_of_the_question_is_left() -> None:
    """It says which of several passages of the clause is meant."""
    assert without_references("alert state in article 18(2)").split() == ["alert", "state", "in"]
