"""Grids are loaded once a run and cached on disk for the run's worker processes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from grid_models.twin.profiles import Grid
from grid_models.twin.source import DEFAULT_GRID, load_grid


@pytest.fixture(scope="session")
def grid_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shared by the workers of one test run."""
    root = tmp_path_factory.getbasetemp()
    return (root.parent if root.name.startswith("popen-") else root) / "grids"


@pytest.fixture(scope="session")
def default_grid(grid_cache: Path) -> Grid:
    """The 110 kV SimBench grid with its year of profiles."""
    return load_grid(DEFAULT_GRID, grid_cache)


@pytest.fixture(scope="session")
def case39(grid_cache: Path) -> Grid:
    return load_grid("case39", grid_cache)


@pytest.fixture(scope="session")
def case118(grid_cache: Path) -> Grid:
    return load_grid("case118", grid_cache)


@pytest.fixture(scope="session")
def training(grid_cache: Path) -> Grid:
    """The hand-made substation."""
    return load_grid("training", grid_cache)


MakePdf = Callable[..., Path]


@pytest.fixture
def make_pdf() -> MakePdf:
    """Writes a PDF: `pages` are lists of rows, a row is (size in points, text), bold where the text begins with a `*`.

    A row of size 0 moves down without writing, one that begins with a `_` stands at the foot of the page.
    `password` encrypts, `pictures` puts one on pages without rows.
    """
    return _write_pdf


def _write_pdf(
    path: Path, pages: list[list[tuple[float, str]]], *, title: str = "", password: str | None = None, pictures: bool = False
) -> Path:
    writer = PdfWriter()
    for rows in pages:
        page = writer.add_blank_page(595, 842)
        font = {f"/{name}": _font(face) for name, face in (("F", "Helvetica"), ("B", "Helvetica-Bold"))}
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject(k): v for k, v in font.items()})})
        if pictures and not rows:
            resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I"): writer._add_object(_picture())})
        page[NameObject("/Resources")] = resources
        content = DecodedStreamObject()
        content.set_data(_content(rows))
        page[NameObject("/Contents")] = writer._add_object(content)
    if title:
        writer.add_metadata({"/Title": TextStringObject(title)})
    if password is not None:
        writer.encrypt(password, "owner's", algorithm="AES-256")
    writer.write(path)
    return path


def _font(face: str) -> DictionaryObject:
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": f"/{face}", "/Encoding": "/WinAnsiEncoding"}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})


def _picture() -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(b"\xff")
    numbers = {"/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
    stream.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    stream.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image")})
    stream[NameObject("/ColorSpace")] = NameObject("/DeviceGray")
    stream[NameObject("/Decode")] = ArrayObject([NumberObject(0), NumberObject(1)])
    return stream


def _content(rows: list[tuple[float, str]]) -> bytes:
    """From the top; rows of one size stand 1.2 sizes apart, larger ones with more space above the first."""
    y, last, parts = 800.0, 0.0, [b"BT"]
    for size, text in rows:
        y -= (size * 1.2 if size else 14) + (10 if size > 11 and size != last else 0)
        last = size
        if size:
            written = text.lstrip("*_").encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
            face, height = b"B" if text.startswith("*") else b"F", 40 if text.startswith("_") else y
            parts.append(b"/%s %g Tf 1 0 0 1 72 %g Tm (%s) Tj" % (face, size, height, written))
    return b"\n".join([*parts, b"ET"])


@pytest.fixture
def report_count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a sentence with what a test has counted; it stands at the end of the run, from whichever process it came."""
    return lambda sentence: request.node.user_properties.append(("counted", sentence))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests have counted."""
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.getreports(outcome) if r.when == "call"]
    counted = [(r.nodeid, sentence) for r in reports for name, sentence in r.user_properties if name == "counted"]
    if counted:
        terminalreporter.section("counted")
    for test, sentence in counted:
        terminalreporter.write_line(f"{test.rpartition('::')[2]}: {sentence}")
