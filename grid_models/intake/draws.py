"""Loads and shunts of a net, with everything that draws power like one of them."""

from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label, bus_rows, column, names, numbered
from grid_models.intake.equivalents import Draws, constant_impedances, constant_powers
from grid_models.twin.model import BoolArray, FloatArray, IntArray, Loads, Shunts


def loads_of(net: Any, position: dict[Any, int]) -> tuple[Loads, Draws]:
    """The load table and what each draws at the start."""
    parts = constant_powers(net, position)
    drawn = Draws(
        name=numbered(tuple(n for part in parts for n in part.name)),
        bus=np.concatenate([part.bus for part in parts]).astype(np.int64),
        p_mw=np.concatenate([part.p_mw for part in parts]),
        q_mvar=np.concatenate([part.q_mvar for part in parts]),
        on=np.concatenate([part.on for part in parts]),
    )
    known = column(net.load, "customers", np.nan)
    customers = np.concatenate([known, np.full(len(drawn.name) - len(known), np.nan)])
    return Loads(drawn.name, drawn.bus, np.where(customers >= 0.0, customers, np.nan)), drawn


def shunts_of(net: Any, position: dict[Any, int], nominal_kv: FloatArray) -> tuple[Shunts, IntArray]:
    """The shunt table and the steps in service: bank by bank, then the constant impedances of wards."""
    table = net.shunt
    bus = bus_rows(table.bus, position)
    own = column(table, "vn_kv", np.nan)
    factor = np.where(np.isnan(own), 1.0, (nominal_kv[bus] / own) ** 2) if len(table) else np.ones(0)
    wards = constant_impedances(net, position)
    step = column(table, "step", 1) * column(table, "in_service", True)
    ward_on = [part.on for part in wards]
    return Shunts(
        name=names(table, "Shunt at {}", [bus_label(net, b) for b in table.bus]) + tuple(n for part in wards for n in part.name),
        bus=np.concatenate([bus, *(part.bus for part in wards)]).astype(np.int64),
        p_mw=np.concatenate([column(table, "p_mw", 0.0) * factor, *(part.p_mw for part in wards)]),
        q_mvar=np.concatenate([column(table, "q_mvar", 0.0) * factor, *(part.q_mvar for part in wards)]),
        max_step=np.concatenate([np.maximum(column(table, "max_step", 1), 1), *(np.ones(len(on)) for on in ward_on)]).astype(np.int64),
    ), np.concatenate([step, *ward_on]).astype(np.int64)


def at_live_bus(on: FloatArray | BoolArray, bus: IntArray, bus_on: BoolArray) -> BoolArray:
    """What stands at a bus out of service is out of service itself."""
    return np.asarray(on, dtype=bool) & bus_on[bus]
