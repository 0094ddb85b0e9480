"""`aeip knowledge`: a person's own documents are added, found with page and clause, listed and removed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.cli import main as command_line

Aeip = Callable[..., tuple[int, str, str]]

RULES = """# Switching rules of Upper Town

## 7.3 Busbar coupler of station Quellental

The coupler of station Quellental may only be closed while both busbars differ by less than 4.5 kV.
"""
PAGES = [
    [(20, "Manual of the Lower Lake"), (10, "This manual tells who keeps the gates.")],
    [
        (14, "4.2 Weir gates"),
        (10, "The weir gates of the Lower Lake are closed when the wind exceeds 17"),
        (10, "metres per second for ten minutes."),
    ],
]


@pytest.fixture
def aeip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Aeip:
    """Runs `aeip knowledge ARGS` in this process on a fresh data folder; returns exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AEIP_DATA_DIR", str(tmp_path / "data"))

    def run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aeip", "knowledge", *args])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return run


@pytest.fixture
def folder(tmp_path: Path, make_pdf: Callable[..., Path]) -> Path:
    """A Markdown file and a PDF with a rule each that nobody else has."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "rules.md").write_text(RULES)
    make_pdf(tmp_path / "own" / "manual.pdf", PAGES)
    return tmp_path / "own"


def test_own_documents_are_found_with_page_and_clause_until_they_are_removed(aeip: Aeip, folder: Path) -> None:
    """From the file to the quote and back."""
    code, out, _ = aeip("add", str(folder), "--json")
    assert code == 0
    assert [(o["status"], o["document"]["kind"]) for o in json.loads(out)["outcomes"]] == [("added", "pdf"), ("added", "markdown")]
    hit = json.loads(aeip("search", "when are the weir gates of the Lower Lake closed", "--json")[1])["hits"][0]
    assert (hit["passage"]["clause"], hit["passage"]["page"], hit["passage"]["source"]) == ("4.2", 2, "manual.pdf")
    assert "exceeds 17 metres per second" in hit["quote"]
    _, out, _ = aeip("search", "when may the coupler of Quellental be closed")
    assert "1. Switching rules of Upper Town, 7.3, rules.md, added document, not checked by us" in out
    assert "4.5 kV" in out
    assert [d["name"] for d in json.loads(aeip("list", "--json")[1])] == ["manual.pdf", "rules.md"]
    assert aeip("remove", "manual.pdf")[0] == 0
    assert "rules.md" in aeip("list")[1]
    assert "manual.pdf" not in aeip("search", "when are the weir gates of the Lower Lake closed")[1]


def test_a_folder_goes_on_past_what_cannot_be_read(aeip: Aeip, folder: Path) -> None:
    """Each bad file has its sentence, the others are stored, and the status is good because nothing was named that failed."""
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / "empty.txt").write_text("")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    code, out, err = aeip("add", str(folder))
    assert code == 0
    assert "5 files: 1 left out, 2 refused, 2 added" in out
    assert all(name in err for name in ("broken.pdf", "empty.txt", "photo.jpg"))


def test_a_named_file_that_is_refused_fails_the_command(aeip: Aeip, folder: Path) -> None:
    """A script notices; the other file is stored all the same."""
    code, out, _ = aeip("add", str(folder / "rules.md"), str(folder / "missing.pdf"), "--json")
    assert code == 1
    assert [o["status"] for o in json.loads(out)["outcomes"]] == ["added", "refused"]


def test_a_folder_without_documents_says_so(aeip: Aeip, tmp_path: Path) -> None:
    """Nothing taken in is a failure."""
    (tmp_path / "bare").mkdir()
    code, _, err = aeip("add", str(tmp_path / "bare"))
    assert (code, "holds no document" in err) == (1, True)


def test_names_and_texts_cannot_steer_the_terminal(aeip: Aeip, tmp_path: Path) -> None:
    """Escape sequences in a file name, a title and a text show as something unseen."""
    bad = tmp_path / "red\x1b[31m.md"
    bad.write_text("# Title\x1b[2J of Quellental\n\nThe coupler of Quellental\x1b]0;x\x07 is closed at 4.5 kV.\n")
    printed = "".join(aeip("add", str(bad))[1:]) + "".join(aeip("list")[1:]) + "".join(aeip("search", "coupler of Quellental")[1:])
    assert "Quellental" in printed
    assert "\x1b" not in printed


def test_nothing_stored_and_nothing_found_are_said(aeip: Aeip) -> None:
    """An empty list and a question that nothing answers are answers."""
    assert "No document was added" in aeip("list")[1]
    code, out, _ = aeip("search", "who won the football cup of 1974")
    assert (code, "Not in the knowledge base" in out) == (0, True)


def test_a_day_that_is_none_is_a_usage_error(aeip: Aeip) -> None:
    """The message says what works."""
    code, _, err = aeip("search", "voltage", "--on", "tomorrow")
    assert code == 2
    assert "2026-01-31" in err
