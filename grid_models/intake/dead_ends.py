"""Which lines end at a bus that is out of service? They stay charged from their other end, as pandapower models them.

Such a line is in service with an open switch at the dead end; where the source draws no switch there, the twin does.
"""

from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label
from grid_models.twin.model import BoolArray, IntArray, Names


def in_service(net: Any, branch_on: BoolArray, from_on: BoolArray, to_on: BoolArray) -> BoolArray:
    """(branches,) A branch needs both its buses in service, a line only one."""
    is_line = np.arange(len(branch_on)) < len(net.line)
    return np.asarray(branch_on & ((from_on & to_on) | (is_line & (from_on | to_on))))


def dead_ends(net: Any, position: dict[Any, int]) -> tuple[Names, IntArray, IntArray]:
    """Names, bus rows and line rows of the switches to add: one for each such end without a switch of its own."""
    bus_on, drawn = net.bus.in_service, net.switch[net.switch.et == "l"]
    switched = set(zip(drawn.bus, drawn.element, strict=True))
    found = []
    for row, (line, one, other) in enumerate(zip(net.line.index, net.line.from_bus, net.line.to_bus, strict=True)):
        if bus_on.at[one] != bus_on.at[other]:
            end = other if bus_on.at[one] else one
            if (end, line) not in switched:
                found.append((f"Open end at {bus_label(net, end)}", position[end], row))
    names, buses, rows = zip(*found, strict=True) if found else ((), (), ())
    return tuple(names), np.array(buses, dtype=np.int64), np.array(rows, dtype=np.int64)
