"""Splitting: no word is lost, no piece is too long, and every piece knows its clause and the headings above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.length import word_pieces
from knowledge.documents.reading import Block
from knowledge.documents.split import Piece, split

WORDS = st.text("abcDEF.,;0189-§(µ", min_size=1, max_size=12)
NUMBERS = st.sampled_from(["", "Article 35 ", "Article 36", "4.2.1 Title", "§ 12 ", "Annex II", "CC.6.1.4 ", "R13. ", "4. "])
TEXTS = st.builds(lambda number, words: number + " ".join(words), NUMBERS, st.lists(WORDS, max_size=40))
BLOCKS = st.builds(Block, TEXTS, st.none() | st.integers(1, 6), st.none() | st.integers(1, 3))


def told(pieces: tuple[Piece, ...]) -> list[str]:
    """Every word of the pieces and of the headings that begin with them, in order."""
    return [word for piece in pieces for text in (*piece.opened, piece.text) for word in text.split()]


@given(st.lists(BLOCKS, max_size=30), st.integers(40, 90))
def test_no_word_is_lost_or_moved(blocks: list[Block], limit: int) -> None:
    """Whatever the document, its words stand in the pieces and their headings once, in their order."""
    assert told(split(blocks, limit)) == [word for block in blocks for word in block.text.split()]


@given(st.lists(BLOCKS, max_size=30), st.integers(40, 90))
def test_no_piece_is_longer_than_the_limit(blocks: list[Block], limit: int) -> None:
    """What follows the limit would not be found by its meaning; a heading that is the only text stays whole."""
    for piece in split(blocks, limit):
        assert piece.text
        assert word_pieces(piece.text) <= limit or piece.text == piece.path[-1]


def test_a_word_without_end_is_cut() -> None:
    """A megabyte without a space fits, too, and no letter of it is lost."""
    pieces = split([Block("x" * 100_000)])
    assert len(pieces) > 1
    assert sum(piece.text.count("x") for piece in pieces) == 100_000


def test_a_heading_without_end_is_text() -> None:
    """It is told with every passage below, so a book in capitals would be stored a thousand times."""
    pieces = split([Block("word " * 5_000, 1), Block("Text.")])
    assert all(piece.path == () for piece in pieces)


def test_a_long_section_is_cut_into_pieces_of_about_equal_length() -> None:
    """201 words are not 200 and one."""
    pieces = split([Block("The line is open now. " * 41)])
    assert [len(piece.text.split()) for piece in pieces] == [105, 100]


@pytest.mark.parametrize(
    ("blocks", "clause", "path"),
    [
        ([Block("Article 35"), Block("Common provisions"), Block("Text here.")], "Article 35", ("Article 35 Common provisions",)),
        ([Block("Article 35 – common provisions"), Block("Text.")], "Article 35", ("Article 35 – common provisions",)),
        ([Block("§ 12a Earthing"), Block("Text.")], "§ 12a", ("§ 12a Earthing",)),
        ([Block("4.2.1 Voltage limits"), Block("Text.")], "4.2.1", ("4.2.1 Voltage limits",)),
        ([Block("4.2.1 The operator keeps the voltage within limits.")], "4.2.1", ("4.2.1",)),
        ([Block("ANNEX II"), Block("4.2 Colours"), Block("Text.")], "ANNEX II, 4.2", ("ANNEX II", "4.2 Colours")),
        ([Block("CC.6.1.4 Grid voltage variations"), Block("Text.")], "CC.6.1.4", ("CC.6.1.4 Grid voltage variations",)),
        ([Block("R13. Each authority shall keep records.")], "R13", ("R13",)),
        ([Block("4 Voltage", 2), Block("Text.")], "4", ("4 Voltage",)),
        ([Block("Rules", 1), Block("Earthing", 2), Block("Text.")], "Earthing", ("Rules", "Earthing")),
        ([Block("Chapter 2"), Block("Article 7 Scope"), Block("Text.")], "Article 7", ("Chapter 2", "Article 7 Scope")),
        ([Block("4.2 Limits"), Block("4.3 Alarms"), Block("Text.")], "4.3", ("4.3 Alarms",)),
    ],
)
def test_a_piece_knows_its_clause_and_the_headings_above(blocks: list[Block], clause: str, path: tuple[str, ...]) -> None:
    """The forms of European, German, British and North American codes."""
    last = split(blocks)[-1]
    assert (last.clause, last.path) == (clause, path)


@pytest.mark.parametrize(
    "text",
    [
        "4.2 MW of wind were curtailed",
        "1.05 pu is the upper limit",
        "110 kV grid",
        "0.95 is the lower limit",
        "12.08.2016 was a windy day",
        "Article 35 of the regulation applies here",
        "Article 35(2) applies",
        "Part of the load was shed",
        "Section A1B was switched",
        "T1 is the transformer of the station",
        "1. Open the breaker.",
    ],
)
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    """Quantities, dates, lists and sentences about a clause begin no clause: a wrong citation is worse than none."""
    assert split([Block(text)]) == (Piece((), "", text, None),)


def test_a_heading_of_the_document_ends_the_clause_before_it() -> None:
    """What stands under "Foreword" is not quoted as the clause above."""
    last = split([Block("Rules", 1), Block("4.2 Limits"), Block("Text."), Block("Foreword", 1), Block("Other.")])[-1]
    assert (last.clause, last.path) == ("Foreword", ("Foreword",))


def test_a_piece_names_the_page_it_begins_on() -> None:
    """A section over two pages is cited by the page where the piece begins."""
    pieces = split([Block("4.2 Limits", page=3), Block("one " * 30, page=3), Block("two " * 30, page=4)], 40)
    assert [piece.page for piece in pieces] == [3, 4]
