"""What the structure of the grid looks like as tables: bounded, with the total counts."""

from collections.abc import Iterable
from typing import TypeVar

from grid_models.structure.bridges import RadialParts
from grid_models.structure.islands import Parts
from grid_models.structure.isolate import IsolationFound
from grid_models.structure.neighbours import Neighbourhood
from grid_models.structure.paths import PathFound
from grid_models.structure.ties import TiesFound
from grid_models.twin.registry import ElementKind
from tools.result import Row
from tools.topology_rows import (
    AreaPairRow,
    BridgeRow,
    Bridges,
    ClosureRow,
    ConnectedRow,
    IslandRow,
    Islands,
    Isolation,
    NeighbourRow,
    Neighbours,
    OpeningRow,
    Path,
    StepRow,
    TieRow,
    Ties,
)

R = TypeVar("R", bound=Row)


def _rows(kind: type[R], found: Iterable[object], top: int | None = None) -> tuple[R, ...]:
    """Rows from values with the same field names, at most `top`."""
    return tuple(kind.model_validate(value, from_attributes=True) for value in tuple(found)[:top])


def neighbours(found: Neighbourhood, top: int) -> Neighbours:
    def power(kind: ElementKind) -> float:
        return sum(h.p_mw or 0.0 for h in found.hanging if h.kind is kind)

    reached = tuple(dict.fromkeys(b.bus for b in found.branches if b.in_service and b.bus not in found.buses))
    return Neighbours(
        buses=found.buses,
        rows=_rows(NeighbourRow, found.branches, top),
        total=len(found.branches),
        neighbour_buses=reached[:top],
        neighbour_buses_total=len(reached),
        connected=_rows(ConnectedRow, found.hanging, top),
        connected_total=len(found.hanging),
        load_mw=power(ElementKind.LOAD),
        generation_mw=power(ElementKind.GENERATOR),
    )


def path(found: PathFound, base_mva: float) -> Path:
    return Path(
        found=not found.reason,
        reason=found.reason,
        from_bus=found.from_bus,
        to_bus=found.to_bus,
        buses=found.buses,
        steps=_rows(StepRow, found.steps),
        hops=found.hops,
        length_km=found.length_km,
        impedance_pu=found.impedance_pu,
        impedance_ohm=found.impedance_ohm,
        base_mva=base_mva,
        has_voltage=found.has_voltage,
        edge_disjoint_paths=found.edge_disjoint_paths,
        single_points=found.single_points,
        closures=_rows(ClosureRow, found.closures),
    )


def islands(found: Parts, top: int) -> Islands:
    return Islands(
        rows=_rows(IslandRow, found.rows, top),
        total=len(found.rows),
        live_islands=sum(r.live for r in found.rows),
        dead_parts=sum(not r.live for r in found.rows),
        dead_buses=len(found.deenergised.dead_buses),
        dead_load_mw=found.deenergised.load_mw,
        dead_generation_mw=found.deenergised.generation_mw,
    )


def bridges(found: RadialParts, top: int) -> Bridges:
    return Bridges(
        rows=_rows(BridgeRow, found.bridges, top),
        total=len(found.bridges),
        cutting=sum(bool(b.lost_load_mw or b.lost_generation_mw) for b in found.bridges),
        radial_load_mw=found.radial_load_mw,
        radial_generation_mw=found.radial_generation_mw,
        load_mw=found.load_mw,
        generation_mw=found.generation_mw,
    )


def ties(found: TiesFound, top: int) -> Ties:
    return Ties(
        areas=found.areas[:top],
        areas_total=len(found.areas),
        pairs=_rows(AreaPairRow, found.pairs, top),
        pairs_total=len(found.pairs),
        rows=_rows(TieRow, found.ties, top),
        total=len(found.ties),
    )


def isolation(found: IsolationFound, top: int) -> Isolation:
    """Every opening that must be made is listed whatever `top` says: a shortened switching order would be a wrong one."""
    to_open = [o for o in found.openings if o.to_open]
    return Isolation(
        steps=_rows(OpeningRow, found.openings, max(top, len(to_open))),
        to_open=len(to_open),
        already_isolated=not to_open and found.isolated,
        isolated=found.isolated,
        lost_load_mw=found.lost_load_mw,
        lost_generation_mw=found.lost_generation_mw,
        lost_elements=found.lost_elements[:top],
        lost_elements_total=len(found.lost_elements),
        lost_buses=found.lost_buses[:top],
        lost_buses_total=len(found.lost_buses),
        radial=found.radial,
    )
