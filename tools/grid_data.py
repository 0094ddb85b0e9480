"""What is in the grid, and what are its elements' present values, ratings and nameplates?"""

from typing import Literal

import numpy as np
from pydantic import Field

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.element_rows import ElementRow, element_row, nominal_kv
from tools.result import Args, InvalidArguments, Result

_NAMED = 12  # areas or substations in a sentence

Kind = Literal["summary", "bus", "line", "transformer", "generator", "load", "infeed", "shunt", "storage", "switch", "substation", "area"]


class GridDataArgs(Args):
    kind: Kind = Field(default="summary", description="which table; summary counts everything")
    elements: tuple[str, ...] | None = Field(default=None, description="only these elements, by name")
    sort_by: str | None = Field(default=None, description="a numeric field of the rows, largest first")
    top: int = Field(default=10, ge=1, le=1000, description="how many rows to list")
    minimum_kv: float | None = Field(default=None, ge=0, description="only elements at or above this nominal voltage")


class GridDataResult(Result):
    grid: str
    kind: str
    counts: dict[str, int] = Field(default_factory=dict)
    voltage_levels_kv: tuple[float, ...] = ()
    areas: tuple[str, ...] = ()
    substations: tuple[str, ...] = ()
    load_mw: float | None = None
    generation_mw: float | None = None
    wind_mw: float | None = None
    rows: tuple[ElementRow, ...] = ()
    total: int = 0
    solved: bool = True
    ratings_note: str = ""
    notes: tuple[str, ...] = ()

    def headline(self) -> str:
        if self.kind == "summary":
            return f"{self.grid}: " + ", ".join(f"{n} {k}" for k, n in self.counts.items()) + "."
        named = {"area": self.areas, "substation": self.substations}.get(self.kind)
        if named is not None:
            return f"{self.grid} has {len(named)} {self.kind}s: {', '.join(named[:_NAMED])}{' ...' if len(named) > _NAMED else '.'}"
        return f"{self.total} {self.kind} rows in {self.grid}."


def run(args: GridDataArgs, ctx: StudyContext) -> GridDataResult:
    """Inventory and present values; the values need a solution, and say so when there is none."""
    state = ctx.state
    try:
        solution: Solution | None = solve(state)
    except PowerFlowDiverged:
        solution = None
    chosen = _named(state, args) if args.elements else _of_kind(state, args.kind)
    if args.minimum_kv is not None:
        chosen = [e for e in chosen if nominal_kv(state, e) >= args.minimum_kv]
    rows = [element_row(state, solution, e) for e in chosen]
    if args.sort_by:
        rows = _sorted(rows, args.sort_by)
    return GridDataResult.model_validate(
        {
            "grid": state.model.name,
            "kind": args.kind if not args.elements else "elements",
            "rows": tuple(rows[: args.top]),
            "total": _total(state, args, rows),
            "solved": solution is not None,
            **_summary(state),
        }
    )


def _named(state: GridState, args: GridDataArgs) -> list[Element]:
    """The elements asked for by name; with a kind, each must be of it."""
    found = [state.model.registry.find(name) for name in args.elements or ()]
    of_kind = set(_of_kind(state, args.kind)) if args.kind not in ("summary", "substation", "area") else set(found)
    other = next((e for e in found if e not in of_kind), None)
    if other is not None:
        raise InvalidArguments(f"'{other.name}' is a {other.kind}, not a {args.kind}; leave 'kind' out, or name only elements of it.")
    return found


def _of_kind(state: GridState, kind: Kind) -> list[Element]:
    registry, machines = state.model.registry, state.model.generators
    if kind in ("summary", "substation", "area"):
        return []
    if kind == "storage":
        return [e for e in registry.of_kind(ElementKind.GENERATOR) if machines.technology[e.index] == "storage"]
    return list(registry.of_kind(ElementKind(kind)))


def _sorted(rows: list[ElementRow], field: str) -> list[ElementRow]:
    numeric = [name for name, f in ElementRow.model_fields.items() if f.annotation in (float | None, int | None, float)]
    if field not in numeric:
        raise InvalidArguments(f"Rows cannot be sorted by '{field}'; {', '.join(numeric)} work.")
    return sorted(rows, key=lambda r: -abs(getattr(r, field) if getattr(r, field) is not None else -0.0))


def _total(state: GridState, args: GridDataArgs, rows: list[ElementRow]) -> int:
    """Areas and substations are no elements and have no rows: their names are counted."""
    names = {"area": state.model.buses.areas, "substation": state.model.buses.substations}
    return len(names[args.kind]) if args.kind in names and not args.elements else len(rows)


def _summary(state: GridState) -> dict[str, object]:
    model = state.model
    legs = set(model.three_winding.legs.ravel().tolist())  # counted as one three-winding transformer, not as three more
    kinds = [e.kind for e in model.registry.elements if e.kind is not ElementKind.TRANSFORMER or e.index not in legs]
    words = {k: f"{k}{'es' if k in (ElementKind.BUS, ElementKind.SWITCH) else 's'}" for k in ElementKind}
    wind = np.array([t == "wind" for t in model.generators.technology], dtype=bool)
    return {
        "counts": {words[k]: kinds.count(k) for k in ElementKind if k in kinds},
        "voltage_levels_kv": tuple(sorted({float(v) for v in model.buses.nominal_kv}, reverse=True)),
        "areas": model.buses.areas,
        "substations": model.buses.substations,
        "load_mw": float(state.load_drawn_mw.sum()),
        "generation_mw": float(state.generator_injected_mw.sum()),
        "wind_mw": float(state.generator_injected_mw[wind].sum()),
        "ratings_note": model.ratings_note,
        "notes": model.notes,
    }
