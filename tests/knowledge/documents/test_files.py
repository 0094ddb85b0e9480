"""Files as they come: recognised by content, folders walked without leaving them, and each bad one with its sentence."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from knowledge.documents.folder import documents_in
from knowledge.documents.kind import kind_of
from knowledge.documents.reading import Limits
from knowledge.documents.store import Store
from knowledge.errors import UnreadableDocument

HTML = b"<!DOCTYPE html><html><body><article><p>%s</p></article></body></html>" % (b"The voltage stays within its limits. " * 5)


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (b"%PDF-1.7\n", ".txt", "pdf"),
        (b"\n\n%PDF-1.7\n", ".pdf", "pdf"),
        (archive("word/document.xml"), ".pdf", "word"),
        (HTML, ".txt", "html"),
        (b"\xef\xbb\xbf<HTML><BODY>x", "", "html"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'><html>", ".xhtml", "html"),
        (b"# One\n\n## Two\n", ".txt", "markdown"),
        (b"plain", ".md", "markdown"),
        (b"# only a comment\nplain", ".txt", "text"),
        ("Überlast".encode("utf-16"), ".txt", "text"),
        (b"plain", ".pdf", "text"),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, suffix: str, kind: str) -> None:
    """A wrong suffix changes nothing but Markdown."""
    assert kind_of(data, suffix) == kind


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old Office file \(\.doc\); saved as DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"{\\rtf1 text}", "RTF"),
        (archive("xl/workbook.xml"), "spreadsheet"),
        (archive("ppt/presentation.xml"), "presentation"),
        (archive("content.xml", "mimetype"), "OpenDocument"),
        (archive("a.pdf"), "zip archive"),
        (archive("word/document.xml")[:40], "damaged"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x7fELF\x00\x00", "binary"),
        (b"\x1f\x8b\x08", "unpacked"),
    ],
)
def test_what_is_not_read_is_named_with_what_would_work(data: bytes, told: str) -> None:
    """The sentence says what the file is."""
    with pytest.raises(UnreadableDocument, match=told):
        kind_of(data, ".docx")


def test_every_kind_goes_through_the_store(tmp_path: Path, make_pdf: Callable[..., Path]) -> None:
    """From each format to passages, under wrong names, too."""
    text = "The coupler is closed below 4.5 kV of difference between the two busbars of the station."
    make_pdf(tmp_path / "a.txt", [[(10, text)]])
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(tmp_path / "b.pdf"))
    (tmp_path / "c.md").write_text(text)
    (tmp_path / "d.txt").write_text(f"{text}\n")
    (tmp_path / "e.docx").write_bytes(HTML.replace(b"<p>", f"<p>{text} ".encode()))
    store = Store(tmp_path / "store")
    outcomes = [store.add(path) for path in sorted(tmp_path.iterdir()) if path.is_file()]
    assert [outcome.document.kind if outcome.document else outcome.sentence for outcome in outcomes] == [
        "pdf",
        "word",
        "markdown",
        "text",
        "html",
    ]
    assert all("4.5 kV" in passage.text for passage in store.passages() if passage.id.endswith("-1"))


def test_a_folder_is_walked_without_leaving_it(tmp_path: Path) -> None:
    """Links to outside, hidden files and files of other kinds are left out; a link inside is a file like others."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside / "deep", inside / ".git", outside):
        folder.mkdir(parents=True)
    for path in (
        inside / "b.md",
        inside / "deep" / "a.txt",
        inside / ".git" / "x.md",
        inside / ".hidden.md",
        inside / "photo.png",
        outside / "secret.md",
    ):
        path.write_text("text")
    (inside / "link.md").symlink_to(outside / "secret.md")
    (inside / "linked").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "same.md").symlink_to(inside / "b.md")
    (inside / "dead.md").symlink_to(inside / "nowhere.md")
    files, left_out = documents_in(inside, Limits())
    assert [path.name for path in files] == ["b.md", "dead.md", "same.md", "a.txt"]
    assert sorted(Path(outcome.path).name for outcome in left_out) == ["link.md", "linked", "loop", "photo.png"]
    assert all("works" in outcome.sentence or "is read" in outcome.sentence for outcome in left_out)


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the tests run as root, who may read everything."""
    path = tmp_path / "a.md"
    path.write_text("text")

    def forbidden(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    outcome = Store(tmp_path / "store").add(path)
    assert (outcome.status, "may not read it" in outcome.sentence) == ("refused", True)


@pytest.mark.parametrize("name", ["a" * 300 + ".md", "nul\0.md", "\udcff.md"])
def test_odd_names_are_an_outcome(tmp_path: Path, name: str) -> None:
    """Too long, with a zero, not Unicode."""
    assert Store(tmp_path / "store").add(tmp_path / name).status == "refused"


def test_a_name_that_is_not_unicode_is_stored(tmp_path: Path) -> None:
    """Old systems leave such names behind."""
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xfcber.md"))
    path.write_text("The coupler is closed.")
    store = Store(tmp_path / "store")
    assert store.add(path).status == "added"
    assert store.documents()[0].path.endswith("ber.md")
    assert store.add(path).status == "unchanged"


def test_a_folder_of_thousands_stays_within_its_limit(tmp_path: Path) -> None:
    """What is beyond is named, not forgotten."""
    for i in range(30):
        (tmp_path / f"{i:02}.md").write_text(f"text {i}")
    files, left_out = documents_in(tmp_path, Limits(files=20))
    assert (len(files), len(left_out)) == (20, 10)
