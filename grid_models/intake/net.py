"""From a pandapower net to a `GridModel`. This folder is the only place that knows pandapower's tables."""

from typing import Any

import numpy as np
from pandapower.auxiliary import pandapowerNet

from grid_models.intake.branches import BASE_MVA, Stars, aliases_of, branches_of
from grid_models.intake.columns import bus_rows
from grid_models.intake.dead_ends import in_service
from grid_models.intake.draws import at_live_bus, loads_of, shunts_of
from grid_models.intake.injections import generators_of, infeeds_of
from grid_models.intake.legs import extended_ward_names, three_winding_names, three_windings
from grid_models.intake.nodes import buses_of, switches_of, with_stars
from grid_models.intake.ratings import rating_note
from grid_models.intake.refused import refuse_nonsense, refuse_unsupported
from grid_models.intake.source_names import hidden_names
from grid_models.twin.model import Buses, GridModel, StartState


def model_from_net(net: pandapowerNet, name: str) -> GridModel:
    """The frozen model of a pandapower net. Raises UnsupportedGrid naming what the twin cannot model or compute with."""
    _complete(net)
    refuse_unsupported(net, name)
    refuse_nonsense(net, name)
    notes = _notes(net)
    position = {bus: i for i, bus in enumerate(net.bus.index)}
    stars = Stars(len(net.bus), len(net.bus) + len(net.trafo3w))
    buses = _with_all_stars(net, position)
    branches, tap, branch_on = branches_of(net, position, buses, stars)
    generators, generator_start = generators_of(net, position, stars.extended_ward, notes)
    infeeds, infeed_start = infeeds_of(net, position)
    loads, drawn = loads_of(net, position)
    shunts, steps = shunts_of(net, position, buses.nominal_kv)
    switches, closed = switches_of(net, position)
    usable, note = rating_note(branches)
    bus_on = np.concatenate([net.bus.in_service.to_numpy(bool), np.ones(len(buses) - len(net.bus), dtype=bool)])
    start = StartState(
        switch_closed=closed,
        branch_on=in_service(net, branch_on, bus_on[branches.from_bus], bus_on[branches.to_bus]),
        load_on=at_live_bus(drawn.on, loads.bus, bus_on),
        generator_on=at_live_bus(generator_start["on"], generators.bus, bus_on),
        infeed_on=at_live_bus(infeed_start["on"], infeeds.bus, bus_on),
        tap=tap,
        load_p_mw=drawn.p_mw,
        load_q_mvar=drawn.q_mvar,
        generator_p_mw=generator_start["p"],
        generator_q_mvar=generator_start["q"],
        generator_vm_pu=generator_start["vm"],
        infeed_vm_pu=infeed_start["vm"],
        shunt_step=steps,
    )
    return GridModel(
        name=name,
        base_mva=BASE_MVA,
        frequency_hz=float(net.f_hz),
        buses=buses,
        branches=branches,
        three_winding=three_windings(net, len(net.line) + len(net.trafo), stars.three_winding),
        loads=loads,
        generators=generators,
        infeeds=infeeds,
        shunts=shunts,
        switches=switches,
        start=start,
        ratings_usable=usable,
        ratings_note=note,
        notes=tuple(notes),
        aliases=(*aliases_of(net, buses, branches), *hidden_names(net, buses, branches, loads, generators, infeeds, shunts, switches)),
    )


def _complete(net: Any) -> None:
    """Tables that older files do not have, empty: every reader may then ask for them."""
    import pandapower as pp

    wanted = ("trafo3w", "impedance", "ward", "xward", "motor", "dcline", "asymmetric_load", "asymmetric_sgen", "storage", "shunt")
    missing = [table for table in wanted if table not in net]
    blank = pp.create_empty_network(add_stdtypes=False) if missing else {}  # costs more than reading a small grid
    for table in missing:
        net[table] = blank[table]


def _with_all_stars(net: Any, position: dict[Any, int]) -> Buses:
    at = np.concatenate([bus_rows(net.trafo3w.hv_bus, position), bus_rows(net.xward.bus, position)]).astype(np.int64)
    return with_stars(buses_of(net), at, three_winding_names(net) + extended_ward_names(net))


def _notes(net: Any) -> list[str]:
    """What the loader repaired or simplified, one sentence each. Sets the tap changers that the source left without a type."""
    notes: list[str] = []
    for table, words in (("trafo", "transformers"), ("trafo3w", "three-winding transformers")):
        _enable_taps(net[table], words, notes)
    asymmetric = len(net.asymmetric_load) + len(net.asymmetric_sgen)
    if asymmetric:
        notes.append(f"{asymmetric} asymmetric loads or generators are studied as balanced ones, their three phases summed.")
    if len(net.dcline):
        notes.append(f"{len(net.dcline)} HVDC links are modelled by a machine at each end with the source's fixed power and losses.")
    if len(net.xward):
        notes.append(f"{len(net.xward)} extended wards are modelled by a load, a shunt and a voltage source behind their impedance.")
    if len(net.motor):
        notes.append(f"{len(net.motor)} motors are modelled as loads at their electrical input.")
    return notes


def _enable_taps(table: Any, words: str, notes: list[str]) -> None:
    """A tap step without a changer type does nothing in pandapower: say so and treat it as a ratio changer."""
    if "tap_changer_type" not in table:
        table["tap_changer_type"] = None
    step = table.get("tap_step_percent")
    if step is None:
        return
    silent = table.tap_changer_type.isna() & step.fillna(0).ne(0) & table.tap_side.notna()
    if silent.any():
        table.loc[silent, "tap_changer_type"] = "Ratio"
        notes.append(f"{int(silent.sum())} {words} have a tap step but no changer type in the source; they are modelled as ratio changers.")
