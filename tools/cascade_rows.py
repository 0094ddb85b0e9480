"""The rows of a cascade: its events, what is left, and which loss loaded what."""

import numpy as np

from grid_models.cascade.balance_settings import BalanceSettings
from grid_models.cascade.course import Cascade
from grid_models.protection.settings import ProtectionSettings
from grid_models.twin.model import BoolArray
from grid_models.twin.topology import topology_of
from tools.cascade_result import EventRow, IslandRow, PathRow


def event_rows(found: Cascade) -> tuple[EventRow, ...]:
    """In order."""
    return tuple(
        EventRow(
            at_s=e.at_s,
            element=e.element,
            kind=e.kind,
            cause=e.cause,
            loading_percent=None if e.loading_pu is None else 100.0 * e.loading_pu,
            lost_load_mw=e.lost_load_mw,
            lost_generation_mw=e.lost_generation_mw,
            step=e.step,
        )
        for e in found.events
    )


def path_rows(found: Cascade) -> tuple[PathRow, ...]:
    """Edges to what tripped in the end; a branch that only was loaded more and stayed is none."""
    tripped = {e.element for e in found.events if e.kind == "trip"}
    return tuple(
        PathRow(lost=p.lost, loaded=p.loaded, before_percent=100.0 * p.before_pu, after_percent=100.0 * p.after_pu, at_s=p.at_s)
        for p in found.pathway
        if p.loaded in tripped
    )


def island_rows(found: Cascade) -> tuple[IslandRow, ...]:
    """Supplied parts, the largest load first, then the dark ones that have load or machines."""
    state = found.state
    topology, model = topology_of(state), state.model
    of_bus = topology.island_of_node[topology.node_of_bus]
    live = topology.bus_live
    users = set(of_bus[model.loads.bus].tolist()) | set(of_bus[model.generators.bus].tolist())
    rows = [_row(found, of_bus == island, bool(live[of_bus == island].any())) for island in sorted(users)]
    return tuple(sorted(rows, key=lambda r: (not r.supplied, -r.load_mw, -r.buses)))


def _row(found: Cascade, inside: BoolArray, supplied: bool) -> IslandRow:
    state, model = found.state, found.state.model
    loads, machines = inside[model.loads.bus], inside[model.generators.bus]
    infeeds = np.flatnonzero(state.infeed_on & inside[model.infeeds.bus])
    fed = found.flows.solution.infeed_p_mw[infeeds] if found.flows is not None and supplied else np.zeros(0)
    load = float(state.load_drawn_mw[loads].sum()) if supplied else 0.0
    generation = float(state.generator_injected_mw[machines].sum()) if supplied else 0.0
    named = model.loads.bus[loads]
    return IslandRow(
        name=model.buses.name[int(named[0]) if len(named) else int(np.flatnonzero(inside)[0])],
        buses=int((inside & model.buses.is_busbar).sum()),
        supplied=supplied,
        load_mw=load,
        generation_mw=generation,
        infeed_mw=float(np.nansum(fed)),
        shunts_mw=_shunts_mw(found, inside) if supplied else 0.0,
        held_by=", ".join(model.infeeds.name[i] for i in infeeds) if supplied else "",
    )


def _shunts_mw(found: Cascade, inside: BoolArray) -> float:
    """At the voltages of the end; at 1 pu in a DC flow, which knows none."""
    if found.flows is None:
        return 0.0
    shunts, vm = found.state.model.shunts, np.nan_to_num(found.flows.solution.vm_pu, nan=1.0)
    mine = inside[shunts.bus]
    return float((shunts.p_mw * found.state.shunt_step * vm[shunts.bus] ** 2)[mine].sum())


def assumptions(found: Cascade, settings: ProtectionSettings, balance: BalanceSettings) -> tuple[str, ...]:
    """Of those relays that acted, in full; that the others are documented defaults too; and what no data limits."""
    causes = {e.cause.split()[0] for e in found.events}
    acted = [words for words in settings.assumed if any(words.startswith(_OF_CAUSE[c]) for c in causes & set(_OF_CAUSE))]
    told = [*acted, _THE_REST]
    if "frequency" in causes:
        told.append(balance.words(found.state.model.frequency_hz))
    told.append("infeeds, and machines that hold an island, give and take whatever balance needs")
    return (*told, *settings.errors)


_THE_REST = "all other relay settings are documented defaults too, most of them engineering judgement; AEIP_PROTECTION replaces them"
_OF_CAUSE = {
    "overcurrent": ("overcurrent",),
    "temperature": ("lines warm", "transformers trip"),
    "distance": ("zone 3",),
    "voltage": ("voltage relays",),
    "undervoltage": ("load is lost",),
}
