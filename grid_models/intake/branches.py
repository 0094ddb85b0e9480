"""Every branch: lines, transformers, legs, impedances, with tap ranges and the pi parameters at every tap position.

The order is that of pandapower's own conversion, from which the parameters are read.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandapower as pp
from pandapower.pd2ppc import _pd2ppc
from pandapower.pypower.idx_brch import BR_B, BR_B_ASYM, BR_G, BR_G_ASYM, BR_R, BR_X, SHIFT, TAP

from grid_models.errors import UnsupportedGrid
from grid_models.intake.columns import bus_rows, column, names
from grid_models.intake.legs import SIDES, extended_ward_names, impedance_names, leg_names, leg_ratings, leg_terminals
from grid_models.intake.ratings import placeholders, without_placeholders
from grid_models.intake.turned import turned
from grid_models.twin.model import BoolArray, Branches, Buses, FloatArray, IntArray, Names

BASE_MVA = 100.0  # every model's per-unit base, whatever the source's: keeps the solver's numbers well scaled
_COLUMNS = {"r_pu": BR_R, "x_pu": BR_X, "g_pu": BR_G, "b_pu": BR_B, "ratio": TAP, "shift_degree": SHIFT}


@dataclass(frozen=True)
class Stars:
    """Rows of the bus table where the star points begin: those of three-winding transformers, then those of extended wards."""

    three_winding: int
    extended_ward: int


def branches_of(net: Any, position: dict[Any, int], buses: Buses, stars: Stars) -> tuple[Branches, IntArray, BoolArray]:
    """The branch table, the present tap positions and what is in service."""
    counts = branch_counts(net)
    from_bus, to_bus = _ends(net, position, stars)
    low, high, now = (np.concatenate(parts) for parts in zip(*_tap_ranges(net), strict=True))
    offset = np.concatenate([[0], np.cumsum(high - low + 1)[:-1]]).astype(np.int64) if len(low) else np.zeros(0, dtype=np.int64)
    size = int(offset[-1] + high[-1] - low[-1] + 1) if len(low) else 0
    tables = _parameters_over_taps(net, low, high, offset, size)
    inner = np.repeat([False, False, False, True, False, False], [counts[k] for k in _PARTS])  # legs whose star is pandapower's from end
    tables = turned(tables, np.repeat(inner, high - low + 1))
    rating_from, rating_to, nameplate = _ratings(net, buses.nominal_kv[from_bus])
    is_line = np.repeat([True, False, False, False, True, True], [counts[k] for k in _PARTS])
    unrated = np.full(len(from_bus), np.nan)
    branches = Branches(
        name=_names(net, buses, from_bus, to_bus),
        is_line=is_line,
        from_bus=from_bus,
        to_bus=to_bus,
        length_km=np.concatenate([_lengths(net.line), np.full(len(from_bus) - len(net.line), np.nan)]),
        rating_from_ka=rating_from,
        rating_to_ka=rating_to,
        temporary_from_ka=unrated,
        temporary_to_ka=unrated.copy(),
        tap_min=low,
        tap_max=high,
        tap_offset=offset,
        **tables,
    )
    bad = placeholders(is_line, nameplate, buses.nominal_kv[from_bus])
    return without_placeholders(branches, bad), now, _in_service(net)


_PARTS = ("line", "trafo", "leg hv", "leg mv lv", "impedance", "xward")


def branch_counts(net: Any) -> dict[str, int]:
    """Rows of each part of the branch table, in their order."""
    legs = len(net.trafo3w)
    return dict(zip(_PARTS, (len(net.line), len(net.trafo), legs, 2 * legs, len(net.impedance), len(net.xward)), strict=True))


def _ends(net: Any, position: dict[Any, int], stars: Stars) -> tuple[IntArray, IntArray]:
    count = len(net.trafo3w)
    ward = bus_rows(net.xward.bus, position)
    from_bus = [
        bus_rows(net.line.from_bus, position),
        bus_rows(net.trafo.hv_bus, position),
        leg_terminals(net, position),
        bus_rows(net.impedance.from_bus, position),
        ward,
    ]
    to_bus = [
        bus_rows(net.line.to_bus, position),
        bus_rows(net.trafo.lv_bus, position),
        np.tile(stars.three_winding + np.arange(count), 3),
        bus_rows(net.impedance.to_bus, position),
        stars.extended_ward + np.arange(len(ward)),
    ]
    return np.concatenate(from_bus).astype(np.int64), np.concatenate(to_bus).astype(np.int64)


def _names(net: Any, buses: Buses, from_bus: IntArray, to_bus: IntArray) -> Names:
    ends = [f"{_short(buses.name[f])}-{_short(buses.name[t])}" for f, t in zip(from_bus, to_bus, strict=True)]
    lines, both = len(net.line), len(net.line) + len(net.trafo)
    two_ended = _branch_names(net.line, "Line {}", ends[:lines]) + _branch_names(net.trafo, "Transformer {}", ends[lines:both])
    return two_ended + leg_names(net) + impedance_names(net) + tuple(f"{n} (impedance)" for n in extended_ward_names(net))


def _ratings(net: Any, from_kv: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Permanent rating at both ends [kA] and of one circuit or unit [MVA]. A series impedance has none: its MVA is a base, not a limit."""
    lines, trafos = net.line, net.trafo
    circuit = column(lines, "max_i_ka", np.nan) * column(lines, "df", 1.0)
    line = circuit * column(lines, "parallel", 1)
    unit = column(trafos, "sn_mva", np.nan) * column(trafos, "df", 1.0)
    rated = unit * column(trafos, "parallel", 1) / np.sqrt(3)
    leg_mva, leg = leg_ratings(net)
    none = np.full(len(net.impedance) + len(net.xward), np.nan)
    return (
        np.concatenate([line, rated / column(trafos, "vn_hv_kv", np.nan), leg, none]),
        np.concatenate([line, rated / column(trafos, "vn_lv_kv", np.nan), np.full(len(leg), np.nan), none]),
        np.concatenate([np.sqrt(3) * circuit * from_kv[: len(line)], unit, leg_mva, none]),
    )


def _in_service(net: Any) -> BoolArray:
    parts = [net.line, net.trafo, net.trafo3w, net.trafo3w, net.trafo3w, net.impedance, net.xward]
    return np.concatenate([column(p, "in_service", True).astype(bool) for p in parts])


def _lengths(lines: Any) -> FloatArray:
    """Line lengths [km]; NaN where there is none. Converted cases set every line to 1 km: that is a placeholder, not a length."""
    length = column(lines, "length_km", np.nan)
    placeholder = len(length) > 1 and bool(np.all(length == 1.0))
    return np.where((length > 0) & (not placeholder), length, np.nan)


def _short(bus: str) -> str:
    return bus.removeprefix("Bus ")


def _branch_names(table: Any, pattern: str, ends: Sequence[str]) -> Names:
    """Source names, or the ends with the circuit's number: 'Line 5-6 (1)'."""
    named = names(table, pattern, ends)
    return tuple(n if n.endswith(")") or not n.startswith(pattern.format("").strip() + " ") or "-" not in n else f"{n} (1)" for n in named)


def _tap_ranges(net: Any) -> list[tuple[IntArray, IntArray, IntArray]]:
    """Lowest, highest and present position of each branch; a fixed one has a single position."""
    wards = len(net.impedance) + len(net.xward)
    legs = [_changer(net.trafo3w, net.trafo3w.tap_side.to_numpy() == side) for side in SIDES]
    return [_fixed(len(net.line)), _changer(net.trafo, np.ones(len(net.trafo), dtype=bool)), *legs, _fixed(wards)]


def _fixed(count: int) -> tuple[IntArray, IntArray, IntArray]:
    zeros = np.zeros(count, dtype=np.int64)
    return zeros, zeros, zeros


def _changer(table: Any, here: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    now = np.where(here, np.round(column(table, "tap_pos", 0)), 0).astype(np.int64)
    movable = here & (table.tap_changer_type.notna().to_numpy() if "tap_changer_type" in table else np.zeros(len(table), dtype=bool))
    low = np.where(movable, np.round(column(table, "tap_min", np.nan)), np.nan)
    high = np.where(movable, np.round(column(table, "tap_max", np.nan)), np.nan)
    fixed = np.isnan(low) | np.isnan(high)
    low, high = np.where(fixed, now, low).astype(np.int64), np.where(fixed, now, high).astype(np.int64)
    return np.minimum(low, now), np.maximum(high, now), now


def _parameters_over_taps(net: Any, low: IntArray, high: IntArray, offset: IntArray, size: int) -> dict[str, FloatArray]:
    """r, x, g, b, ratio and shift of every branch at each of its tap positions, from pandapower's own conversion."""
    _prepare_options(net)
    tables = {name: np.zeros(size) for name in _COLUMNS}
    present = {kind: net[kind].tap_pos.copy() for kind in ("trafo", "trafo3w") if "tap_pos" in net[kind]}
    for step in range(int((high - low).max(initial=0)) + 1):
        at = np.minimum(low + step, high)
        _move_taps(net, at, high > low, present)
        branch = _pd2ppc(net)[0]["branch"][: len(at)]
        _refuse_lopsided(branch)
        for name, place in _COLUMNS.items():
            tables[name][offset + at - low] = branch[:, place].real
    for kind, positions in present.items():
        net[kind]["tap_pos"] = positions
    tables["ratio"][tables["ratio"] == 0] = 1.0
    rebase = BASE_MVA / float(net.sn_mva)
    for name, factor in (("r_pu", rebase), ("x_pu", rebase), ("g_pu", 1 / rebase), ("b_pu", 1 / rebase)):
        tables[name] *= factor
    return tables


def _move_taps(net: Any, at: IntArray, movable: BoolArray, present: dict[str, Any]) -> None:
    """Set the positions of this round; what cannot move keeps its own, also a position between two steps."""
    lines, trafos, count = len(net.line), len(net.trafo), len(net.trafo3w)
    for kind, start, parts in (("trafo", lines, 1), ("trafo3w", lines + trafos, 3)):
        if kind not in present:
            continue
        positions = present[kind].to_numpy(dtype=float, na_value=np.nan).copy()
        for part in range(parts):
            rows = slice(start + part * count, start + part * count + len(positions))
            positions = np.where(movable[rows], at[rows], positions)
        net[kind]["tap_pos"] = positions


def _refuse_lopsided(branch: Any) -> None:
    """A T model with unequal leakage ratios has unequal shunts at its ends, which the branch model cannot hold."""
    shunt = np.abs(branch[:, BR_G]) + np.abs(branch[:, BR_B]) + 1e-6
    if np.any(np.abs(branch[:, BR_G_ASYM]) + np.abs(branch[:, BR_B_ASYM]) > 1e-6 * shunt):
        raise UnsupportedGrid(
            "Some transformers or impedances have unequal shunts at their ends; the same grid with equal leakage ratios loads."
        )


def _prepare_options(net: Any) -> None:
    """Fill the net's solver options as `runpp` with defaults would; the solution itself is not used."""
    with contextlib.suppress(pp.LoadflowNotConverged):  # the options are set before the solver starts
        pp.runpp(net, numba=False)


def aliases_of(net: Any, buses: Buses, branches: Branches) -> tuple[tuple[str, str], ...]:
    """'line 7' and 'trafo 2' as pandapower's tables number them, for elements whose display name does not say it."""
    found = []
    for table, words, start in ((net.line, ("line",), 0), (net.trafo, ("trafo", "transformer"), len(net.line))):
        for row, index in enumerate(table.index):
            name = branches.name[start + row]
            found += [(f"{word} {index}", name) for word in words if "-" in name and name.startswith(("Line ", "Transformer "))]
    return tuple(found)
