"""Which record belongs to which transformer, and the demo records."""

from grid_models.assets.book import AssetBook
from grid_models.assets.demo import demo_records
from grid_models.assets.record import AssetRecord
from grid_models.assets.thermal import thermal_model
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind


def test_records_are_found_by_the_grids_own_names(default_grid: Grid) -> None:
    """Typed another way they still belong, and come in the grid's order."""
    book = AssetBook.of(default_grid.model, [AssetRecord("hv1 TRAFO-3", rated_mva=300.0), AssetRecord("HV1 Trafo 1")])
    assert [record.element for record in book.records] == ["HV1 Trafo 1", "HV1 Trafo 3"]
    assert book.record("HV1 Trafo 3") == AssetRecord("HV1 Trafo 3", rated_mva=300.0)
    assert book.record("HV1 Trafo 2") is None
    assert book.errors == ()


def test_a_record_of_nothing_here_is_told_with_the_nearest_names(default_grid: Grid) -> None:
    """An unknown name, a line; the errors of the file come first."""
    book = AssetBook.of(default_grid.model, [AssetRecord("HV1 Trafo 11"), AssetRecord("HV1 Line 1")], ["row 2: bad"])
    assert book.records == ()
    first, unknown, line = book.errors
    assert first == "row 2: bad"
    assert "no element 'HV1 Trafo 11'" in unknown
    assert "HV1 Trafo 1" in unknown.split("nearest names are")[1]
    assert "'HV1 Line 1' is a line, not a transformer" in line


def test_two_records_of_one_transformer_are_none(case39: Grid) -> None:
    """By name and by alias: neither is used, and that is told."""
    name = case39.model.registry.of_kind(ElementKind.TRANSFORMER)[0].name
    book = AssetBook.of(case39.model, [AssetRecord(name), AssetRecord(name.upper())])
    assert book.record(name) is None
    assert book.errors == (f"2 asset records fit '{name}', so none is used; one for each transformer would work.",)


def test_the_demo_records_fit_the_default_grid_and_say_what_they_are(default_grid: Grid) -> None:
    """Six transformers at the grid's own ratings, all synthetic, each with constants."""
    model = default_grid.model
    book = AssetBook.of(model, demo_records(model.name))
    transformers = model.registry.of_kind(ElementKind.TRANSFORMER)
    assert book.errors == ()
    assert [record.element for record in book.records] == [element.name for element in transformers]
    assert all(record.synthetic and record.source == "invented for demonstration" for record in book.records)
    for element, record in zip(transformers, book.records, strict=True):
        voltage_kv = model.buses.nominal_kv[model.branches.from_bus[element.index]]
        rated_mva = 3**0.5 * voltage_kv * model.branches.rating_from_ka[element.index]
        assert record.rated_mva is not None
        assert abs(record.rated_mva - rated_mva) < 0.01
        assert thermal_model(record, rated_mva).parameters.rated_share == record.rated_mva / rated_mva
    assert book.words == "6 asset records, 6 of them invented for demonstration"


def test_other_grids_have_no_demo_records() -> None:
    """Nor does a name that looks like a path."""
    assert demo_records("case14") == ()
    assert demo_records("../assets/1-HV-mixed--0-sw") == ()
