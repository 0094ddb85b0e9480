"""Buses with their published names and positions, and switches."""

import json
from typing import Any

import numpy as np

from grid_models.intake.columns import bus_rows, column, names, strings, text
from grid_models.twin.model import BoolArray, Buses, FloatArray, Switches


def buses_of(net: Any) -> Buses:
    """Published IEEE numbers where the names are numbers, the source's names otherwise."""
    given = [text(n).strip() for n in net.bus["name"]]
    numbers = [int(n) for n in given if n.isdigit()]
    if len(numbers) == len(given) and len(set(numbers)) == len(numbers):
        names = tuple(f"Bus {n}" for n in numbers)
    elif all(given) and len(set(given)) == len(given):
        names = tuple(given)
    else:
        names = tuple(f"Bus {int(i) + 1}" for i in net.bus.index)
    kind = net.bus["type"].fillna("b") if "type" in net.bus else ["b"] * len(net.bus)
    longitude, latitude = _positions(net)
    return Buses(
        name=names,
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


def _positions(net: Any) -> tuple[FloatArray, FloatArray]:
    points = np.full((len(net.bus), 2), np.nan)
    if "geo" in net.bus:
        for i, text in enumerate(net.bus.geo):
            if isinstance(text, str) and '"Point"' in text:
                points[i] = json.loads(text)["coordinates"][:2]
    return points[:, 0].copy(), points[:, 1].copy()


def switches_of(net: Any, position: dict[Any, int]) -> tuple[Switches, BoolArray]:
    table = net.switch
    line_row = {index: i for i, index in enumerate(net.line.index)}
    trafo_row = {index: len(net.line) + i for i, index in enumerate(net.trafo.index)}
    other, branch = [], []
    for element, kind in zip(table.element, table.et, strict=True):
        other.append(position[element] if kind == "b" else -1)
        branch.append({"l": line_row, "t": trafo_row}.get(kind, {}).get(element, -1))
    kinds = table["type"].fillna("CB") if "type" in table else ["CB"] * len(table)
    return Switches(
        name=names(table, "Switch {}", [str(i) for i in table.index]),
        bus=bus_rows(table.bus, position),
        other_bus=np.array(other, dtype=np.int64),
        branch=np.array(branch, dtype=np.int64),
        can_break_load=np.array([k in ("CB", "LBS") for k in kinds], dtype=bool),
    ), table.closed.to_numpy(bool).copy()
