"""What injects, feeds and draws: parks, machines and storages in one table, infeeds, shunts."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label, bus_rows, column, names, numbered, text
from grid_models.intake.equivalents import Sources, links_as_machines, sources_behind_wards
from grid_models.twin.model import BoolArray, FloatArray, Generators, Infeeds, IntArray, Names

_PV_WORDS = re.compile(r"pv|solar|photovolt", re.IGNORECASE)
_WIND_WORDS = re.compile(r"wind|^wp", re.IGNORECASE)


@dataclass(frozen=True)
class _Part:
    """The generators of one of pandapower's tables."""

    name: Names
    technology: Names
    bus: IntArray
    p_mw: FloatArray
    q_mvar: FloatArray
    vm_pu: FloatArray
    on: FloatArray
    low_mw: FloatArray
    high_mw: FloatArray
    derived: BoolArray
    holds: BoolArray


def generators_of(net: Any, position: dict[Any, int], first_ward_star: int, notes: list[str]) -> tuple[Generators, dict[str, FloatArray]]:
    """Parks (sgen), machines (gen), storages and what holds a voltage like a machine in one table, and what they start with."""
    machines = net.gen[~column(net.gen, "slack", 0).astype(bool)] if len(net.gen) else net.gen
    parts = [_part(net, net.sgen, position, "Static generator at {}"), _part(net, machines, position, "Generator at {}", holds=True)]
    if "storage" in net:
        parts.append(_part(net, net.storage, position, "Storage at {}", sign=-1.0))
    sources = [source for source in (sources_behind_wards(net, first_ward_star), links_as_machines(net, position)) if len(source.name)]
    parts += [_source_part(source) for source in sources]

    def joined(field: str) -> Any:
        return np.concatenate([getattr(part, field) for part in parts])

    derived = joined("derived")
    if derived.any():
        notes.append(f"{int(derived.sum())} generators have no power range in the source; 0 to their rated power is used (derived).")
    generators = Generators(
        name=numbered(tuple(n for part in parts for n in part.name)),
        bus=joined("bus"),
        technology=tuple(t for part in parts for t in part.technology),
        holds_voltage=joined("holds"),
        p_min_mw=joined("low_mw"),
        p_max_mw=joined("high_mw"),
        range_derived=derived,
    )
    return generators, {"p": joined("p_mw"), "q": joined("q_mvar"), "vm": joined("vm_pu"), "on": joined("on")}


def _source_part(source: Sources) -> _Part:
    """What holds a voltage with a fixed power: nobody can schedule it."""
    count = len(source.name)
    return _Part(
        name=source.name,
        technology=("other",) * count,
        bus=source.bus,
        p_mw=source.p_mw,
        q_mvar=np.zeros(count),
        vm_pu=source.vm_pu,
        on=source.on,
        low_mw=source.p_mw,
        high_mw=source.p_mw,
        derived=np.zeros(count, dtype=bool),
        holds=np.ones(count, dtype=bool),
    )


def _part(net: Any, table: Any, position: dict[Any, int], pattern: str, sign: float = 1.0, holds: bool = False) -> _Part:
    """`sign` -1 for storages: pandapower counts charging positive, we count injection."""
    scaling = column(table, "scaling", 1.0)
    p_mw = sign * column(table, "p_mw", 0.0) * scaling
    low, high, derived = _power_range(table, sign, p_mw)
    return _Part(
        name=names(table, pattern, [bus_label(net, b) for b in table.bus]),
        technology=tuple(_technology(table, i, sign) for i in range(len(table))),
        bus=bus_rows(table.bus, position),
        p_mw=p_mw,
        q_mvar=np.zeros(len(table)) if holds else sign * column(table, "q_mvar", 0.0) * scaling,
        vm_pu=column(table, "vm_pu", 1.0),
        on=column(table, "in_service", True),
        low_mw=low,
        high_mw=high,
        derived=derived,
        holds=np.full(len(table), holds),
    )


def _power_range(table: Any, sign: float, p: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """The source's range, or 0 to the rated power where it has none (third array: True)."""
    low, high = column(table, "min_p_mw", np.nan), column(table, "max_p_mw", np.nan)
    if sign < 0:
        low, high = -high, -low
    derived = np.isnan(low) | np.isnan(high)
    rated = column(table, "sn_mva", np.nan)
    rated = np.where(np.isnan(rated), np.abs(p), rated)
    floor = -rated if sign < 0 else np.zeros(len(table))
    return np.where(np.isnan(low), floor, low), np.where(np.isnan(high), rated, high), derived


def _technology(table: Any, row: int, sign: float) -> str:
    if sign < 0:
        return "storage"
    words = " ".join(text(table[c].iloc[row]) for c in ("type", "profile", "name") if c in table)
    if any(_WIND_WORDS.search(w) for w in words.split()):
        return "wind"
    return "pv" if any(_PV_WORDS.search(w) for w in words.split()) else "other"


def infeeds_of(net: Any, position: dict[Any, int]) -> tuple[Infeeds, dict[str, FloatArray]]:
    """External grids, and machines marked as slack."""
    slack = net.gen[column(net.gen, "slack", 0).astype(bool)] if len(net.gen) else net.gen
    tables = [net.ext_grid, slack]
    called = sum((names(t, "Infeed at {}", [bus_label(net, b) for b in t.bus]) for t in tables), ())
    return (
        Infeeds(
            name=numbered(called),
            bus=np.concatenate([bus_rows(t.bus, position) for t in tables]).astype(np.int64),
            angle_degree=np.concatenate([column(t, "va_degree", 0.0) for t in tables]),
        ),
        {
            "vm": np.concatenate([column(t, "vm_pu", 1.0) for t in tables]),
            "on": np.concatenate([column(t, "in_service", True) for t in tables]),
        },
    )
