"""Which grids can be asked for by name, without loading any of them."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grid_models.twin.source import DEFAULT_GRID, TRAINING_GRID, builtin_cases

_SIZES = Path(__file__).parents[1] / "data" / "grid_sizes.json"  # written by grid_models.data.measure_sizes
SIMBENCH_CODE = "VERSION-LEVELS-TYPE-LOWER LEVEL-SCENARIO-SWITCHES, for example 1-MV-rural--0-sw; scenario 0 is today, 1 and 2 the future"
_LEVELS = {
    "EHV": "380 and 220 kV",
    "HV": "110 kV",
    "MV": "10 to 30 kV",
    "LV": "0.4 kV",
    "EHVHV": "380 kV down to 110 kV",
    "HVMV": "110 kV with medium voltage below",
    "MVLV": "medium voltage with low voltage below",
    "EHVHVMVLV": "one path through all levels",
    "complete_data": "everything in one grid",
}


@dataclass(frozen=True)
class KnownGrid:
    """`buses`, `branches`: None where the size is not known without loading."""

    name: str
    kind: str  # default, training or built-in
    buses: int | None
    branches: int | None


@dataclass(frozen=True)
class SimbenchFamily:
    """The SimBench codes of one combination of voltage levels."""

    levels: str
    meaning: str
    codes: int
    example: str


def known_grids() -> tuple[KnownGrid, ...]:
    """The default grid, the training substation and every built-in network of pandapower."""
    sizes: dict[str, list[int]] = json.loads(_SIZES.read_text())

    def entry(name: str, kind: str) -> KnownGrid:
        buses, branches = sizes.get(name, (None, None))
        return KnownGrid(name, kind, buses, branches)

    return (entry(DEFAULT_GRID, "default"), entry(TRAINING_GRID, "training"), *(entry(name, "built-in") for name in builtin_cases()))


def simbench_families() -> tuple[SimbenchFamily, ...]:
    """Families of SimBench codes with the number of codes in each."""
    from grid_models.intake.simbench_grid import simbench_codes  # imports pandapower

    codes = simbench_codes()
    levels = [code.split("-")[1] for code in codes]
    return tuple(
        SimbenchFamily(level, _LEVELS.get(level, "several voltage levels"), count, codes[levels.index(level)])
        for level, count in Counter(levels).items()
    )
