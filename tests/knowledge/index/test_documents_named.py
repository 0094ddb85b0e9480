"""Documents as people name them."""

import pytest

from knowledge.index.documents_named import documents_named

SOGL, PRC, IEEE, IEC = "Regulation (EU) 2017/1485 (SO GL)", "NERC Reliability Standard PRC-024-3", "IEEE Std 1547-2018", "IEC 60076-7"


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("what does SO GL say about RoCoF", SOGL),
        ("sogl 35", SOGL),
        ("system operation guideline, article 35", SOGL),
        ("2017/1485 art 35", SOGL),
        ("prc-024 no trip", PRC),
        ("PRC-024-3 voltage", PRC),
        ("ride-through in IEEE 1547", IEEE),
        ("60076-7 hot spot", IEC),
    ],
)
def test_a_document_is_known_by_its_names(question: str, document: str) -> None:
    """Number, abbreviation, full name."""
    assert documents_named(question, (SOGL, PRC, IEEE, IEC)).documents == {document}


@pytest.mark.parametrize("question", ["line 1547 tripped", "so global a question", "PRC-024-4 voltage", "60076-2 rises", "IEC 61850 goose"])
def test_others_are_not_taken_for_it(question: str) -> None:
    """A bare number needs its body, and another edition is another document."""
    assert not documents_named(question, (SOGL, PRC, IEEE, IEC)).documents


def test_numbers_of_other_documents_are_told() -> None:
    """So that the answer can say which document is not stored."""
    assert documents_named("what does IEC 61850 say", (SOGL, IEC)).codes == ("iec 61850",)
    assert documents_named("PRC-024-4 R2", (PRC,)).codes == ("prc-024-4",)
    assert documents_named("SO GL and 49.0 Hz in 2016", (SOGL,)).codes == ()
