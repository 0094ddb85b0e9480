"""The point of a topology answer in one sentence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.amounts import in_mw
from tools.topology_rows import Bridges, Islands, Isolation, Neighbours, Path, Ties

if TYPE_CHECKING:
    from tools.topology import TopologyResult

_SHOWN = 6  # names in a sentence


def headline_of(result: "TopologyResult") -> str:
    """The sentence for the one table that is filled."""
    name = result.element or ""
    said = (
        (result.neighbours and _neighbours(result.neighbours, name))
        or (result.path and _path(result.path, result.metric or "hops"))
        or (result.islands and _islands(result.islands, name))
        or (result.bridges and _bridges(result.bridges, name))
        or (result.ties and _ties(result.ties))
        or (result.isolate and _isolate(result.isolate, name))
        or ""
    )
    return f"After {' and '.join(result.changes)}: {said}" if result.changes else said


def _some(names: Sequence[str], total: int | None = None) -> str:
    """The first names; `total` counts those that a bounded table leaves out too."""
    more = max(total or 0, len(names)) - len(names[:_SHOWN])
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _neighbours(table: Neighbours, name: str) -> str:
    if not table.total:
        return f"No branch ends at {name}."
    if not table.neighbour_buses:
        ends = "1 branch ends" if table.total == 1 else f"{table.total} branches end"
        return f"{name} has no neighbour over a branch in service; {ends} there."
    joins = f"{name} joins {' and '.join(table.buses)}. " if any(r.branch == name for r in table.rows) else ""
    hang = f"{in_mw(table.load_mw)} of load and {in_mw(table.generation_mw)} of generation at the place itself"
    near = _some(table.neighbour_buses, table.neighbour_buses_total)
    return f"{joins}Next to {name} {'are' if table.neighbour_buses_total > 1 else 'is'} {near}; {hang}."


def _path(table: Path, metric: str) -> str:
    ends = f"{table.from_bus} to {table.to_bus}"
    if not table.found:
        close = f" Closing {_some([c.element for c in table.closures])} would join them." if table.closures else ""
        return f"No path from {ends} can be given: {table.reason}.{close}"
    if not table.steps:
        same = table.from_bus == table.to_bus
        return f"Both are at {table.to_bus}." if same else f"{table.from_bus} and {table.to_bus} are one electrical node."
    measure = {
        "hops": f"{table.hops} branch{'es' if table.hops != 1 else ''}",
        "length": f"{table.length_km or 0.0:.1f} km",
        "impedance": f"{table.impedance_pu or 0.0:.4f} pu on {table.base_mva:g} MVA",
    }[metric]
    hangs_on = f"it hangs on {_some(table.single_points)}"
    safe = hangs_on if table.single_points else f"{table.edge_disjoint_paths} paths share no branch"
    dead = "" if table.has_voltage else ", without voltage"
    return f"The shortest path by {metric} from {ends} takes {measure}{dead} ({_some([s.branch for s in table.steps])}); {safe}."


def _islands(table: Islands, name: str) -> str:
    if name:
        part = table.rows[0]
        live = "live" if part.live else "dead"
        return f"{name} is in a {live} part with {_counted(part.buses, 'busbar')} and {in_mw(part.load_mw)} of load."
    live = f"The grid has {_counted(table.live_islands, 'live island')}"
    if not table.dead_parts:
        return f"{live} and no dead part."
    return (
        f"{live} and {_counted(table.dead_parts, 'dead part')}: {_counted(table.dead_buses, 'busbar')}, "
        f"{in_mw(table.dead_load_mw)} of load and {in_mw(table.dead_generation_mw)} of generation have no supply."
    )


def _bridges(table: Bridges, name: str) -> str:
    if not table.rows:
        return (
            f"{name} is no bridge: its loss cuts nothing off." if name else "No branch is a bridge: the loss of any one cuts nothing off."
        )
    worst = table.rows[0]
    cut = f"cuts off {in_mw(worst.lost_load_mw)} of load and {in_mw(worst.lost_generation_mw)} of generation"
    effect = "splits the grid into two live islands" if worst.splits else cut
    if name:
        return f"{name} is a bridge: its loss {effect}."
    behind = f"{in_mw(table.radial_load_mw)} of {in_mw(table.load_mw)} of load hangs behind bridges"
    are = "branch is a bridge" if table.total == 1 else "branches are bridges"
    return f"{table.total} {are}; the loss of {worst.branch} {effect}; {behind}."


def _ties(table: Ties) -> str:
    if not table.total:
        return f"There is no tie: the grid data name {_counted(table.areas_total, 'area')} and no branch between two."
    flows = [f"{in_mw(abs(p.p_mw))} {_direction(p.from_area, p.to_area, p.p_mw)}" for p in table.pairs if p.p_mw is not None]
    joined = f"{table.pairs_total} pair{'' if table.pairs_total == 1 else 's'} of areas"
    flow = _some(flows, table.pairs_total) if flows else "without a power flow"
    return f"{table.total} tie{'s join' if table.total > 1 else ' joins'} {joined}: {flow}."


def _direction(one: str, other: str, p_mw: float) -> str:
    return f"from area {one} to {other}" if p_mw >= 0 else f"from area {other} to {one}"


def _isolate(table: Isolation, name: str) -> str:
    if table.already_isolated:
        return f"{name} is isolated already: nothing around it is closed."
    steps = _some([s.element for s in table.steps if s.to_open])
    lost = f"{in_mw(table.lost_load_mw)} of load and {in_mw(table.lost_generation_mw)} of generation go with it"
    radial = f"; it is radial: {_some(table.lost_buses, table.lost_buses_total)} would lose supply" if table.radial else ""
    doubt = "" if table.isolated else " These openings do not isolate it completely."
    order = ", in this order" if table.to_open > 1 else ""
    return f"To isolate {name}, open {steps}{order}; {lost}{radial}.{doubt}"
