"""PDF: headings by looks and number, pages kept, running lines removed; and every bad file has its sentence."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.documents.pdf import read_pdf
from knowledge.documents.reading import Limits, Reading
from knowledge.documents.split import Piece, split
from knowledge.errors import UnreadableDocument

MakePdf = Callable[..., Path]
Rows = list[tuple[float, str]]
TEXT = "The operator keeps the voltage of each busbar within the limits that were"
REST = "agreed with the neighbours and reports every excursion to the centre at once."


@pytest.fixture
def read(tmp_path: Path, make_pdf: MakePdf) -> Callable[..., Reading]:
    """Writes a PDF of these pages and reads it."""

    def made(pages: list[Rows], limits: Limits | None = None, **how: object) -> Reading:
        return read_pdf(make_pdf(tmp_path / "made.pdf", pages, **how).read_bytes(), limits or Limits())

    return made


def pieces(reading: Reading) -> list[Piece]:
    return list(split(reading.blocks))


def running(number: int, rows: Rows) -> Rows:
    """A page with a header and a footer that counts."""
    return [(8, "Manual of the grid"), (0, ""), *rows, (0, ""), (8, f"_Page {number} of 9")]


def test_larger_and_numbered_rows_are_headings_and_pages_are_kept(read: Callable[..., Reading]) -> None:
    """A passage is cited by its clause and the page it begins on."""
    found = pieces(
        read([[(20, "Grid manual"), (14, "4 Voltage"), (10, TEXT), (10, REST)], [(12, "4.2 Excursions"), (10, TEXT), (10, REST)]])
    )
    assert [(piece.clause, piece.path, piece.page) for piece in found] == [
        ("4", ("Grid manual", "4 Voltage"), 1),
        ("4.2", ("Grid manual", "4 Voltage", "4.2 Excursions"), 2),
    ]
    assert found[0].text == f"{TEXT} {REST}"


def test_bold_words_in_the_texts_size_head_a_section_where_a_number_or_space_stands_before(read: Callable[..., Reading]) -> None:
    """Emphasis inside a paragraph does not."""
    found = pieces(
        read([[(10, "*4.1 Gates"), (10, TEXT), (10, REST), (0, ""), (10, "*Exceptions"), (10, TEXT), (10, "*never"), (10, REST)]])
    )
    assert [piece.path for piece in found] == [("4.1 Gates",), ("Exceptions",)]


def test_numbers_in_plain_type_divide_as_well(read: Callable[..., Reading]) -> None:
    """A code typed in one size; the title of an article stands on a line of its own, and a reference at a line's begin is none."""
    rows = [
        (10, "Article 35"),
        (10, "Common provisions"),
        (10, TEXT),
        (10, "Article 12 and those of the neighbours, which are known to all of them,"),
        (10, REST),
    ]
    found = pieces(read([rows]))
    assert [(piece.clause, piece.path) for piece in found] == [("Article 35", ("Article 35 Common provisions",))]
    assert "Article 12 and those" in found[0].text


def test_running_headers_footers_and_page_numbers_are_removed(read: Callable[..., Reading]) -> None:
    """They would stand in the middle of a sentence that goes over the page."""
    words = ("station", "busbar", "feeder", "coupler")
    found = pieces(read([running(number, [(10, f"{TEXT} {word}"), (10, REST)]) for number, word in enumerate(words, start=1)]))
    text = " ".join(piece.text for piece in found)
    assert "Manual of the grid" not in text
    assert "Page" not in text
    assert all(f"were {word}" in text for word in words)


def test_an_article_on_each_page_is_no_running_header(read: Callable[..., Reading]) -> None:
    """Its number counts with the pages, but it is what people ask for."""
    found = pieces(read([[(10, f"Article {number}"), (10, TEXT), (10, REST)] for number in range(1, 6)]))
    assert [piece.clause for piece in found] == [f"Article {number}" for number in range(1, 6)]


def test_a_sentence_over_two_pages_is_whole_and_hyphens_are_undone(read: Callable[..., Reading]) -> None:
    """`volt-` at the foot of a page and `age` at the head of the next are one word; a compound keeps its hyphen."""
    first = running(
        1,
        [
            (10, "High-voltage lines of every station are kept within limits, and the high-"),
            (10, "voltage side of each transformer follows the agreed volt-"),
        ],
    )
    found = pieces(read([first, running(2, [(10, "age of the neighbours.")]), running(3, [(10, TEXT), (10, REST)])]))
    assert "the high-voltage side of each transformer follows the agreed voltage of the neighbours." in found[0].text
    assert found[0].page == 1


def test_the_heading_of_a_table_does_not_end_the_clause(read: Callable[..., Reading]) -> None:
    """Bold column titles and rows of values: what follows still stands in 4.2."""
    table = [(0, ""), (10, "*Voltage level Minimum Maximum"), (10, "110 kV 0.90 pu 1.05 pu"), (0, "")]
    found = pieces(read([[(14, "4 Voltage"), (12, "4.2 Limits"), (10, TEXT), (10, REST), *table, (10, TEXT), (10, REST)]]))
    assert {piece.clause for piece in found} == {"4.2"}


def test_a_heading_of_two_rows_is_one(read: Callable[..., Reading]) -> None:
    """A long title is wrapped as text is."""
    assert read([[(20, "Grid code of the Lower"), (20, "Lake"), (10, TEXT), (10, REST)]]).title == "Grid code of the Lower Lake"


def test_a_table_of_contents_is_no_clause(read: Callable[..., Reading]) -> None:
    """Asked for 4.2, its line in the contents would be found instead of the text."""
    contents = [(14, "Contents"), (10, "4.1 Voltage ........................ 3"), (10, "4.2 Excursions . . . . . . . . . . . . 4")]
    found = pieces(read([contents, [(12, "4.2 Excursions"), (10, TEXT), (10, REST)]]))
    assert [piece.text for piece in found if piece.clause == "4.2"] == [f"{TEXT} {REST}"]


def test_the_title_is_the_files_own_unless_it_is_a_file_name(read: Callable[..., Reading]) -> None:
    """Else the largest words of the first page with a heading."""
    pages = [[(20, "Grid manual"), (14, "4 Voltage"), (10, TEXT), (10, REST)]]
    assert read(pages, title="Manual of 2026").title == "Manual of 2026"
    assert read(pages, title="Microsoft Word - draft7.doc").title == "Grid manual"
    assert read(pages).title == "Grid manual"


def test_pages_without_text_are_named(read: Callable[..., Reading]) -> None:
    """Some pages: a note. All of them: refused, and OCR named."""
    reading = read([[(10, TEXT), (10, REST)], [], []], pictures=True)
    assert "2 of 3 pages have no text (page 2, 3): a scan" in reading.notes[0]
    with pytest.raises(UnreadableDocument, match="2 of 2 pages have no text: it is a scan; after OCR it would work"):
        read([[], []], pictures=True)


def test_blank_pages_are_no_scan(read: Callable[..., Reading]) -> None:
    """Nothing is on them that OCR could find."""
    assert read([[(10, TEXT), (10, REST)], []]).notes == ()


def test_a_password_is_asked_for_only_where_there_is_one(read: Callable[..., Reading]) -> None:
    """Encryption against printing opens without one."""
    with pytest.raises(UnreadableDocument, match="protected by a password"):
        read([[(10, TEXT)]], password="secret")
    assert TEXT in pieces(read([[(10, TEXT)]], password=""))[0].text


def test_too_many_pages_are_refused_before_they_are_read(read: Callable[..., Reading]) -> None:
    """The sentence names the limit and the setting."""
    with pytest.raises(UnreadableDocument, match=r"3 pages and the limit is 2; .*AEIP_KNOWLEDGE_PAGES"):
        read([[(10, TEXT)]] * 3, Limits(pages=2))


def test_endless_work_ends(read: Callable[..., Reading]) -> None:
    """A few kilobytes may ask for hours: the time is bounded, and so is the drawing of one page."""
    with pytest.raises(UnreadableDocument, match=r"longer than 0 s \(it stopped at page 1\)"):
        read([[(10, TEXT)]], Limits(seconds=0.0))
    reading = read([[(10, TEXT)], [(10, TEXT)] * 100], Limits(page_megabytes=0.005))
    assert "1 of 2 pages cannot be read (page 2)" in reading.notes[0]


def test_progress_counts_the_pages(tmp_path: Path, make_pdf: MakePdf) -> None:
    """Whoever waits for a long document sees how far it is."""
    seen: list[tuple[int, int]] = []
    read_pdf(make_pdf(tmp_path / "a.pdf", [[(10, TEXT)]] * 3).read_bytes(), Limits(), lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>"])
def test_a_pdf_without_pages_is_damaged(data: bytes) -> None:
    """One sentence, whatever pypdf met."""
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_pdf(data, Limits())


def test_a_damaged_pdf_is_read_or_refused_but_never_fails_otherwise(tmp_path: Path, make_pdf: MakePdf) -> None:
    """Cut off or with bytes turned over at random, 150 times."""
    whole = make_pdf(
        tmp_path / "a.pdf", [running(number, [(14, f"{number} Part"), (10, TEXT), (10, REST)]) for number in (1, 2, 3)]
    ).read_bytes()
    chance = random.Random(7)
    refused = 0
    for i in range(150):
        data = bytearray(whole[: chance.randrange(20, len(whole))] if i % 3 == 0 else whole)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            split(read_pdf(bytes(data), Limits()).blocks)
        except UnreadableDocument:
            refused += 1
    assert 0 < refused < 150
