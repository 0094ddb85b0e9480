"""Buses with their published names and positions, and switches."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label, bus_rows, column, names, numbered, strings
from grid_models.intake.dead_ends import dead_ends
from grid_models.intake.legs import SIDES
from grid_models.twin.model import BoolArray, Buses, FloatArray, IntArray, Switches


def buses_of(net: Any) -> Buses:
    """Published IEEE numbers where the names are numbers, the source's names otherwise; a bus without one by its place, from 1."""
    kind = net.bus["type"].fillna("b") if "type" in net.bus else ["b"] * len(net.bus)
    longitude, latitude = _positions(net)
    return Buses(
        name=numbered(bus_label(net, bus) for bus in net.bus.index),
        nominal_kv=net.bus.vn_kv.to_numpy(float).copy(),
        planning_min_pu=column(net.bus, "min_vm_pu", np.nan),
        planning_max_pu=column(net.bus, "max_vm_pu", np.nan),
        is_busbar=np.array([k != "auxiliary" for k in kind], dtype=bool),
        is_star=np.zeros(len(net.bus), dtype=bool),
        area=strings(net.bus, "zone", "subnet"),
        substation=strings(net.bus, "substation"),
        longitude_degree=longitude,
        latitude_degree=latitude,
    )


def with_stars(buses: Buses, at: IntArray, called: Sequence[str]) -> Buses:
    """The buses and behind them a star point for each row of `at`, the bus it belongs to: no busbar, no voltage limits."""

    def longer(values: FloatArray, added: FloatArray) -> FloatArray:
        return np.concatenate([values, added])

    none, fictitious = np.full(len(at), np.nan), np.ones(len(at), dtype=bool)
    return replace(
        buses,
        name=buses.name + tuple(f"{name} star" for name in called),
        nominal_kv=longer(buses.nominal_kv, buses.nominal_kv[at]),
        planning_min_pu=longer(buses.planning_min_pu, none),
        planning_max_pu=longer(buses.planning_max_pu, none),
        is_busbar=np.concatenate([buses.is_busbar, ~fictitious]),
        is_star=np.concatenate([buses.is_star, fictitious]),
        area=buses.area + tuple(buses.area[i] for i in at),
        substation=buses.substation + tuple(buses.substation[i] for i in at),
        longitude_degree=longer(buses.longitude_degree, buses.longitude_degree[at]),
        latitude_degree=longer(buses.latitude_degree, buses.latitude_degree[at]),
    )


def _positions(net: Any) -> tuple[FloatArray, FloatArray]:
    points = np.full((len(net.bus), 2), np.nan)
    if "geo" in net.bus:
        for i, text in enumerate(net.bus.geo):
            if isinstance(text, str) and '"Point"' in text:
                points[i] = json.loads(text)["coordinates"][:2]
    return points[:, 0].copy(), points[:, 1].copy()


def switches_of(net: Any, position: dict[Any, int]) -> tuple[Switches, BoolArray]:
    """The switch table and which are closed. One at a bus out of service counts as open: it leads nowhere."""
    table = net.switch
    other, branch = [], []
    for bus, element, kind in zip(table.bus, table.element, table.et, strict=True):
        other.append(position[element] if kind == "b" else -1)
        branch.append(-1 if kind == "b" else _branch_row(net, bus, element, kind))
    kinds = table["type"].fillna("CB") if "type" in table else ["CB"] * len(table)
    at, to = bus_rows(table.bus, position), np.array(other, dtype=np.int64)
    bus_on = net.bus.in_service.to_numpy(bool)
    added, ends, lines = dead_ends(net, position)
    return Switches(
        name=numbered(names(table, "Switch {}", [str(i) for i in table.index]) + added),
        bus=np.concatenate([at, ends]),
        other_bus=np.concatenate([to, np.full(len(added), -1)]),
        branch=np.concatenate([np.array(branch, dtype=np.int64), lines]),
        can_break_load=np.array([k in ("CB", "LBS") for k in kinds] + [True] * len(added), dtype=bool),
    ), np.concatenate([table.closed.to_numpy(bool) & bus_on[at] & ((to < 0) | bus_on[to]), np.zeros(len(added), dtype=bool)])


def _branch_row(net: Any, bus: Any, element: Any, kind: str) -> int:
    """Row of the branch that a switch sits on; the leg at that bus of a three-winding transformer."""
    lines, trafos = len(net.line), len(net.trafo)
    if kind == "l":
        return int(net.line.index.get_loc(element))
    if kind == "t":
        return lines + int(net.trafo.index.get_loc(element))
    side = next(i for i, s in enumerate(SIDES) if net.trafo3w.at[element, f"{s}_bus"] == bus)
    return lines + trafos + side * len(net.trafo3w) + int(net.trafo3w.index.get_loc(element))
