"""What does one row of an asset file say: a record, or every reason why not."""

from collections.abc import Iterator, Mapping
from typing import Any

from rapidfuzz import process

from grid_models.assets.record import AssetRecord
from grid_models.assets.record_fields import FIELDS, UnreadableField
from grid_models.heating.iec_parameters import Cooling, iec_parameters, size_of
from grid_models.heating.series import InvalidThermalInput


def record_of(cells: Mapping[str, str], year: int) -> tuple[AssetRecord | None, tuple[str, ...]]:
    """The record of a row, or None and one clause for each field at fault. An empty cell is unknown; `year`: of now."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field, text in cells.items():
        if field in FIELDS and text:
            try:
                values[field] = FIELDS[field](text, year)
            except UnreadableField as error:
                faults.append(f"{field} {error}")
    if not cells.get("element"):
        faults.insert(0, "element is empty; the name of a transformer would work")
    if faults:
        return None, tuple(faults)
    record = AssetRecord(**values)
    contradictions = tuple(_contradictions(record))
    return (None if contradictions else record), contradictions


def unknown_field(name: str) -> str:
    """What to say of a name that is no field."""
    near = process.extractOne(name, list(FIELDS))
    return f"'{name}' is no field, so it is not used; {near[0] if near else 'element'} may be meant"


def text_of(value: object) -> str:
    """A YAML value as a cell of a CSV file would say it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _contradictions(record: AssetRecord) -> Iterator[str]:
    """Fields that exclude each other."""
    natural, rated = record.onan_rating_mva, record.rated_mva
    if natural and rated and natural > rated:
        yield f"onan_rating_mva is {natural:g}, above rated_mva {rated:g}; up to {rated:g} MVA would work"
    if record.cooling is Cooling.ONAN and record.cooling_lost:
        yield "cooling_lost is true, but ONAN has no fans or pumps to lose; ONAF, OF or OD would work"
    started, sampled = record.commissioned_year, record.polymerisation_year
    if started and sampled and sampled < started:
        yield f"polymerisation_year is {sampled}, before commissioned_year {started}; a year from {started} would work"
    size = record.size or (size_of(rated) if rated else None)
    if record.cooling and size:
        try:
            iec_parameters(record.cooling, size, restricted_flow=record.restricted_flow)
        except InvalidThermalInput as error:
            yield f"cooling is {record.cooling}: {str(error).rstrip('.')}"
