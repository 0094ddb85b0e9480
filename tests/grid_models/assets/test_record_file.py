"""Asset records from CSV and YAML: what is read, what is refused and in which words."""

from pathlib import Path

import pytest

from grid_models.assets.record import AssetRecord
from grid_models.assets.record_fields import FIELDS
from grid_models.assets.record_file import InvalidRecords, read_records
from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import Cooling, Size

YEAR = 2026


def csv_file(folder: Path, *lines: str) -> Path:
    path = folder / "assets.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def yaml_file(folder: Path, text: str) -> Path:
    path = folder / "assets.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_of_a_record_has_its_reader() -> None:
    """The file format is the record: a field added to one is missing in the other."""
    assert set(FIELDS) == set(AssetRecord.__dataclass_fields__)


def test_the_same_records_read_alike_from_csv_and_yaml(tmp_path: Path) -> None:
    """All kinds of cells: numbers, years, classes with their long names, yes and no, empty ones."""
    from_csv = read_records(
        csv_file(
            tmp_path,
            "Element, rated_mva ,cooling,paper,commissioned_year,sealed,furan_ppm,source",
            'T1,40,OFWF,upgraded,1999,yes,,"heat-run, 1999"',
            ",,,,,,,",
            "T2,2.5,onan,Kraft,,no,0.3,",
        ),
        YEAR,
    )
    from_yaml = read_records(
        yaml_file(
            tmp_path,
            "- {element: T1, rated_mva: 40, cooling: OF, paper: thermally upgraded, commissioned_year: 1999, sealed: true,\n"
            "   source: 'heat-run, 1999'}\n"
            "- {element: T2, rated_mva: 2.5, cooling: ONAN, paper: non-upgraded, sealed: false, furan_ppm: 0.3, cooling_lost: null}\n",
        ),
        YEAR,
    )
    assert from_csv == from_yaml
    assert from_csv.errors == ()
    first = AssetRecord(
        "T1", rated_mva=40.0, cooling=Cooling.OF, paper=Paper.UPGRADED, commissioned_year=1999, sealed=True, source="heat-run, 1999"
    )
    assert from_csv.records == (
        first,
        AssetRecord("T2", rated_mva=2.5, cooling=Cooling.ONAN, paper=Paper.NON_UPGRADED, sealed=False, furan_ppm=0.3),
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("rated_mva", "40000", "a number above 0 and up to 5000 MVA"),
        ("rated_mva", "0", "a number above 0"),
        ("rated_mva", "nan", "rated_mva is 'nan'"),
        ("rated_mva", '"40,5"', "with a decimal point"),
        ("rated_mva", "inf", "rated_mva is 'inf'"),
        ("cooling", "OFF", "ONAN, ONAF, OF (OFAF, OFWF) or OD (ODAF, ODWF)"),
        ("size", "big", "distribution, medium, large"),
        ("paper", "cardboard", "kraft, upgraded"),
        ("commissioned_year", "1899", "a year from 1900 to 2027"),
        ("commissioned_year", "2028", "a year from 1900 to 2027"),
        ("commissioned_year", "87", "commissioned_year is '87'"),
        ("moisture_percent", "10.1", "from 0 to 10 %"),
        ("polymerisation", "90", "from 100 to 1500"),
        ("furan_ppm", "-0.1", "from 0 to 100 ppm"),
        ("furan_ppm", "850", "furan_ppm is '850'"),
        ("oil_time_constant_min", "2.5", "from 15 to 1000 min"),
        ("cooling_lost", "perhaps", "true or false"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_what_would(tmp_path: Path, field: str, text: str, said: str) -> None:
    """File, row, field, what was found, what works; the next row is kept."""
    found = read_records(csv_file(tmp_path, f"element,{field}", f"T1,{text}", "T2,"), YEAR)
    assert [record.element for record in found.records] == ["T2"]
    assert len(found.errors) == 1
    assert found.errors[0].startswith(f"assets.csv, row 2: {field} is ")
    assert said in found.errors[0]


def test_all_bad_cells_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one error a run."""
    found = read_records(yaml_file(tmp_path, "- {element: T1, rated_mva: none, moisture_percent: 40, sealed: [1]}"), YEAR)
    assert found.records == ()
    assert [error.split(" is ")[0] for error in found.errors] == [
        f"assets.yaml, entry 1: {field}" for field in ("rated_mva", "moisture_percent", "sealed")
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("T1,40,41,ONAF,,,,", "onan_rating_mva is 41, above rated_mva 40"),
        ("T1,40,,ONAN,true,,,", "ONAN has no fans or pumps to lose"),
        ("T1,40,,,,2001,1999,", "polymerisation_year is 1999, before commissioned_year 2001"),
        ("T1,40,,OD,,,,true", "no constants for a medium transformer with OD cooling with restricted oil flow"),
        ("T1,1,,ONAF,,,,", "no constants for a distribution transformer with ONAF cooling"),
        (",40,,,,,,", "element is empty"),
        ("T1,40,,,,,,,surplus", "more cells than columns"),
    ],
)
def test_fields_that_exclude_each_other_are_refused(tmp_path: Path, row: str, said: str) -> None:
    """A record that no transformer can have is not used."""
    header = "element,rated_mva,onan_rating_mva,cooling,cooling_lost,commissioned_year,polymerisation_year,restricted_flow"
    found = read_records(csv_file(tmp_path, header, row), YEAR)
    assert found.records == ()
    assert said in found.errors[0]


def test_of_two_rows_for_one_element_neither_is_used(tmp_path: Path) -> None:
    """Case and punctuation do not make another element; nobody here knows which row is right."""
    found = read_records(csv_file(tmp_path, "element,rated_mva", "HV1 Trafo 1,350", "T2,40", "hv1-trafo 1,300"), YEAR)
    assert [record.element for record in found.records] == ["T2"]
    assert found.errors == (
        "assets.csv, row 2 and row 4: element 'HV1 Trafo 1' is there 2 times, so none is used; one row for each would work.",
    )


def test_a_misspelt_column_is_told_with_the_one_meant(tmp_path: Path) -> None:
    """Its values are not used, the others are."""
    found = read_records(csv_file(tmp_path, "element,rated_mw,sealed", "T1,40,yes"), YEAR)
    assert found.records == (AssetRecord("T1", sealed=True),)
    assert found.errors == ("assets.csv, row 1: 'rated_mw' is no field, so it is not used; rated_mva may be meant.",)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("assets.xlsx", b"", "none of .csv, .yaml, .yml"),
        ("assets.csv", b"element;rated_mva\nT1;40\n", "lacks the column element; it has element;rated_mva"),
        ("assets.csv", b"", "it has none"),
        ("assets.csv", b"element,sealed,sealed\nT1,yes,no\n", "has the column sealed 2 times"),
        ("assets.csv", b"element\n\xff\xfe\n", "a CSV file in UTF-8 would work"),
        ("assets.yaml", b"- {element: T1", "a YAML list of records would work"),
        ("assets.yaml", b"element: T1", "holds no list"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    """Named, with what was found and what would work."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidRecords, match=name) as refused:
        read_records(path, YEAR)
    assert said in str(refused.value)


def test_an_entry_that_is_no_mapping_does_not_stop_the_others(tmp_path: Path) -> None:
    """Told by its number."""
    found = read_records(yaml_file(tmp_path, "- just a name\n- {element: T2, size: LARGE}\n"), YEAR)
    assert found.records == (AssetRecord("T2", size=Size.LARGE),)
    assert found.errors[0].startswith("assets.yaml, entry 1: it is 'just a name'")
