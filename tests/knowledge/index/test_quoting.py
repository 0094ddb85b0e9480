"""At most two sentences, word for word, and the right ones."""

from knowledge.index.quoting import quote
from knowledge.index.sentences import sentences
from knowledge.index.words import Words
from knowledge.passage import Passage

HOT = "A transformer stays below 120 °C, e.g. at its hot spot."
OIL = "Oil stays below 105 °C by Art. 7."
TEXT = f"The sky is wide. A transformer stays below 120 °C, e.g. at\nits hot spot. Fans may fail. {OIL} Nobody knows more."
WORDS = Words([Passage(id="p", document="D", clause="", title="T", text=TEXT, verified="user")])


def test_the_sentence_that_answers_is_quoted() -> None:
    """On one line, whole, abbreviations do not end it."""
    assert quote(TEXT, "how hot may the hot spot of a transformer get", WORDS) == HOT


def test_two_sentences_where_both_are_needed() -> None:
    """In the order of the text, with what was left out marked."""
    told = quote(TEXT, "oil and fans", WORDS)
    assert told == "Fans may fail. Oil stays below 105 °C by Art. 7."
    assert (
        quote(TEXT, "transformer and oil", WORDS)
        == "A transformer stays below 120 °C, e.g. at its hot spot. … Oil stays below 105 °C by Art. 7."
    )


def test_the_beginning_where_nothing_is_asked() -> None:
    """A clause that is only named."""
    assert quote(TEXT, "", WORDS).startswith("The sky is wide. A transformer")


def test_lists_and_endless_lines_are_cut() -> None:
    """A table of a document is no single sentence."""
    assert len(sentences("Limits:\n- one\n- two\n- three")) == 4
    assert all(len(piece) <= 600 for piece in sentences("word " * 1000))


def test_meaning_chooses_where_words_do_not() -> None:
    """A question in other words than the passage."""
    assert quote(TEXT, "ventilators out of order", WORDS, lambda told: [float("Fans" in one) for one in told]) == "Fans may fail."
    assert quote(TEXT, "oil", WORDS, lambda told: [float("Fans" in one) for one in told]) == OIL
