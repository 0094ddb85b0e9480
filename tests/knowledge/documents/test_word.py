"""Word: headings by style, tables as lines, in their order; archives that are bombs or broken are refused."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document

from knowledge.documents.reading import Block, Limits
from knowledge.documents.split import split
from knowledge.documents.word import read_word
from knowledge.errors import UnreadableDocument


def saved(build: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def manual(document: Document) -> None:
    document.add_heading("Switching manual", 0)
    document.add_heading("4.2 Limits", 2)
    document.add_paragraph("The voltage stays within limits.")
    table = document.add_table(2, 2)
    for i, text in enumerate(("level", "limit", "110 kV", "0.95 pu")):
        table.cell(i // 2, i % 2).text = text
    document.add_paragraph("§ 12 Earthing")
    document.add_paragraph("Every line is earthed.")


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return file.getvalue()


def test_headings_paragraphs_and_tables_keep_their_order() -> None:
    """A table belongs to the clause it stands in."""
    reading = read_word(saved(manual), Limits())
    found = split(reading.blocks)
    assert [(piece.clause, piece.text) for piece in found] == [
        ("4.2", "The voltage stays within limits.\nlevel | limit\n110 kV | 0.95 pu"),
        ("§ 12", "Every line is earthed."),
    ]
    assert reading.title == "Switching manual"


def test_a_merged_cell_is_told_once() -> None:
    """It stands in two places of the table."""

    def merged(document: Document) -> None:
        table = document.add_table(1, 3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
        table.cell(0, 2).text = "one"

    assert read_word(saved(merged), Limits()).blocks == (Block("both | one"),)


def test_a_style_that_is_based_on_a_heading_is_one() -> None:
    """Companies have styles of their own."""

    def styled(document: Document) -> None:
        own = document.styles.add_style("Company clause", 1)
        own.base_style = document.styles["Heading 3"]
        document.add_paragraph("Earthing", style="Company clause")

    assert read_word(saved(styled), Limits()).blocks == (Block("Earthing", 3),)


def test_hidden_text_is_taken_in_and_said() -> None:
    """Whoever adds the document hears that a reader of it would not see everything."""

    def hiding(document: Document) -> None:
        document.add_paragraph("Seen.").add_run(" Unseen.").font.hidden = True

    reading = read_word(saved(hiding), Limits())
    assert "hidden" in reading.notes[0]
    assert reading.blocks[0].text == "Seen. Unseen."


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """60 MB of the same letter pack into 60 kB."""
    bomb = rewritten(saved(manual), "word/document.xml", lambda old: old + b" " * 60_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableDocument, match=r"unpacked it would have 6\d MB"):
        read_word(bomb, Limits(unpacked_megabytes=200))


def test_an_archive_that_lies_about_its_size_is_damaged() -> None:
    """Unpacking holds to what was declared."""
    data = bytearray(rewritten(saved(manual), "word/document.xml", lambda old: old + b" " * 5_000_000))
    size = len(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    lie = bytes(data).replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_word(lie, Limits())


@pytest.mark.parametrize(
    "change",
    [
        lambda old: b"not xml",
        lambda old: b"",
        lambda old: old[: len(old) // 2],
        lambda old: old.replace(b"w:body", b"w:nobody"),
    ],
)
def test_a_broken_part_is_a_damaged_document(change: Callable[[bytes], bytes]) -> None:
    """The sentence says that saving it anew would work."""
    with pytest.raises(UnreadableDocument, match="saved anew it would work"):
        read_word(rewritten(saved(manual), "word/document.xml", change), Limits())


def test_entities_are_neither_fetched_nor_unfolded() -> None:
    """A document type definition may name files of this machine, or grow without end."""
    declared = (
        b'<!DOCTYPE w:document [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(ord("a"), ord("i")))
        + b"]>"
    )

    def change(old: bytes) -> bytes:
        head, body = old.split(b"<w:document", 1)
        return head + declared + b"<w:document" + body.replace(b"within limits", b"within &file; &i; limits")

    try:
        text = " ".join(block.text for block in read_word(rewritten(saved(manual), "word/document.xml", change), Limits()).blocks)
    except UnreadableDocument:
        text = ""
    assert "root:" not in text
    assert len(text) < 1_000
