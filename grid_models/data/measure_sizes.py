"""Writes `grid_sizes.json`: buses and branches of every grid that the product lists by name, so that the list loads none of them.

Run after an update of pandapower: python -m grid_models.data.measure_sizes
"""

import json
from pathlib import Path

from grid_models.errors import AeipError
from grid_models.twin.model import GridModel
from grid_models.twin.source import DEFAULT_GRID, TRAINING_GRID, builtin_cases, load_grid


def size(model: GridModel) -> tuple[int, int]:
    """Buses and branches as people count them: no star points, a three-winding transformer is one branch."""
    return int((~model.buses.is_star).sum()), len(model.branches) - 2 * len(model.three_winding)


def measure() -> dict[str, tuple[int, int]]:
    """Grids that do not load are left out."""
    sizes = {}
    for name in (DEFAULT_GRID, TRAINING_GRID, *builtin_cases()):
        try:
            sizes[name] = size(load_grid(name).model)
        except AeipError as error:
            print(f"{name}: {error}")
    return sizes


if __name__ == "__main__":
    Path(__file__).with_name("grid_sizes.json").write_text(json.dumps(measure(), indent=1) + "\n")
