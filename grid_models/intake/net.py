"""From a pandapower net to a `GridModel`. This folder is the only place that knows pandapower's tables."""

from typing import Any

import numpy as np
from pandapower.auxiliary import pandapowerNet

from grid_models.errors import UnsupportedGrid
from grid_models.intake.branches import BASE_MVA, aliases_of, branches_of
from grid_models.intake.columns import bus_rows, column, names
from grid_models.intake.injections import generators_of, infeeds_of, shunts_of
from grid_models.intake.nodes import buses_of, switches_of
from grid_models.intake.ratings import audit_ratings
from grid_models.twin.model import GridModel, Loads, StartState, ThreeWindings

_UNSUPPORTED = {
    "trafo3w": "three-winding transformers",
    "impedance": "impedance elements",
    "ward": "wards",
    "xward": "extended wards",
    "dcline": "HVDC lines",
    "motor": "motors",
    "svc": "SVCs",
    "tcsc": "TCSCs",
    "ssc": "STATCOMs",
    "vsc": "converters",
    "asymmetric_load": "asymmetric loads",
    "asymmetric_sgen": "asymmetric generators",
}


def model_from_net(net: pandapowerNet, name: str) -> GridModel:
    """The frozen model of a pandapower net. Raises UnsupportedGrid naming the equipment the twin cannot model."""
    _refuse_unsupported(net, name)
    notes: list[str] = []
    _enable_taps(net, notes)
    position = {bus: i for i, bus in enumerate(net.bus.index)}
    buses = buses_of(net)
    branches, tap, branch_on = branches_of(net, position, buses)
    generators, generator_start = generators_of(net, position, notes)
    infeeds, infeed_start = infeeds_of(net, position)
    switches, closed = switches_of(net, position)
    usable, rating_note = audit_ratings(branches, buses)
    bus_on = net.bus.in_service.to_numpy(bool)
    start = StartState(
        switch_closed=closed,
        branch_on=branch_on & bus_on[branches.from_bus] & bus_on[branches.to_bus],
        load_on=column(net.load, "in_service", True).astype(bool),
        generator_on=generator_start["on"].astype(bool),
        infeed_on=infeed_start["on"].astype(bool),
        tap=tap,
        load_p_mw=column(net.load, "p_mw", 0.0) * column(net.load, "scaling", 1.0),
        load_q_mvar=column(net.load, "q_mvar", 0.0) * column(net.load, "scaling", 1.0),
        generator_p_mw=generator_start["p"],
        generator_q_mvar=generator_start["q"],
        generator_vm_pu=generator_start["vm"],
        infeed_vm_pu=infeed_start["vm"],
        shunt_step=column(net.shunt, "step", 1).astype(np.int64) * column(net.shunt, "in_service", True).astype(np.int64),
    )
    return GridModel(
        name=name,
        base_mva=BASE_MVA,
        frequency_hz=float(net.f_hz),
        buses=buses,
        branches=branches,
        three_winding=ThreeWindings((), np.zeros((0, 3), dtype=np.int64), np.zeros(0, dtype=np.int64)),
        loads=Loads(names(net.load, "Load at {}", [buses.name[position[b]] for b in net.load.bus]), bus_rows(net.load.bus, position)),
        generators=generators,
        infeeds=infeeds,
        shunts=shunts_of(net, position, buses),
        switches=switches,
        start=start,
        ratings_usable=usable,
        ratings_note=rating_note,
        notes=tuple(notes),
        aliases=aliases_of(net, buses, branches),
    )


def _refuse_unsupported(net: Any, name: str) -> None:
    found = [words for table, words in _UNSUPPORTED.items() if table in net and len(net[table]) and net[table].in_service.any()]
    bent = [c for c in net.load.columns if c.startswith("const_") and net.load[c].fillna(0).ne(0).any()]
    if bent:
        found.append("voltage-dependent loads")
    if found:
        raise UnsupportedGrid(f"Grid '{name}' holds {', '.join(found)}, which the twin does not model yet; a grid without them would load.")


def _enable_taps(net: Any, notes: list[str]) -> None:
    """A tap step without a changer type does nothing in pandapower: say so and treat it as a ratio changer."""
    if "tap_changer_type" not in net.trafo:
        net.trafo["tap_changer_type"] = None
    step = net.trafo.get("tap_step_percent")
    if step is None:
        return
    silent = net.trafo.tap_changer_type.isna() & step.fillna(0).ne(0) & net.trafo.tap_side.notna()
    if silent.any():
        net.trafo.loc[silent, "tap_changer_type"] = "Ratio"
        notes.append(
            f"{int(silent.sum())} transformers have a tap step but no changer type in the source; they are modelled as ratio changers."
        )
