"""Lines and transformers: ratings, tap ranges and the pi parameters at every tap position, read from pandapower's own conversion."""

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandapower as pp
from pandapower.pd2ppc import _pd2ppc
from pandapower.pypower.idx_brch import BR_B, BR_G, BR_R, BR_X, SHIFT, TAP

from grid_models.intake.columns import bus_rows, column, names
from grid_models.twin.model import BoolArray, Branches, Buses, FloatArray, IntArray, Names

BASE_MVA = 100.0  # every model's per-unit base, whatever the source's: keeps the solver's numbers well scaled


def branches_of(net: Any, position: dict[Any, int], buses: Buses) -> tuple[Branches, IntArray, BoolArray]:
    lines, trafos = net.line, net.trafo
    from_bus = np.concatenate([bus_rows(lines.from_bus, position), bus_rows(trafos.hv_bus, position)])
    to_bus = np.concatenate([bus_rows(lines.to_bus, position), bus_rows(trafos.lv_bus, position)])
    low, high, now = _tap_ranges(trafos)
    zeros = np.zeros(len(lines), dtype=np.int64)
    tap_min, tap_max = np.concatenate([zeros, low]), np.concatenate([zeros, high])
    offset = np.concatenate([[0], np.cumsum(tap_max - tap_min + 1)[:-1]]) if len(tap_min) else zeros
    tables = _parameters_over_taps(net, tap_min, tap_max, offset)
    ends = [f"{_short(buses.name[f])}-{_short(buses.name[t])}" for f, t in zip(from_bus, to_bus, strict=True)]
    line_rating = column(lines, "max_i_ka", np.nan) * column(lines, "df", 1.0) * column(lines, "parallel", 1)
    rated_mva = column(trafos, "sn_mva", np.nan) * column(trafos, "df", 1.0) * column(trafos, "parallel", 1) / np.sqrt(3)
    branches = Branches(
        name=_branch_names(lines, "Line {}", ends[: len(lines)]) + _branch_names(trafos, "Transformer {}", ends[len(lines) :]),
        is_line=np.arange(len(from_bus)) < len(lines),
        from_bus=from_bus,
        to_bus=to_bus,
        length_km=np.concatenate([_lengths(lines), np.full(len(trafos), np.nan)]),
        rating_from_ka=np.concatenate([line_rating, rated_mva / column(trafos, "vn_hv_kv", np.nan)]),
        rating_to_ka=np.concatenate([line_rating, rated_mva / column(trafos, "vn_lv_kv", np.nan)]),
        temporary_from_ka=np.full(len(from_bus), np.nan),
        temporary_to_ka=np.full(len(from_bus), np.nan),
        tap_min=tap_min,
        tap_max=tap_max,
        tap_offset=offset.astype(np.int64),
        **tables,
    )
    on = np.concatenate([lines.in_service.to_numpy(bool), trafos.in_service.to_numpy(bool)])
    return branches, np.concatenate([zeros, now]), on


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


def _tap_ranges(trafos: Any) -> tuple[IntArray, IntArray, IntArray]:
    """Lowest, highest and present position of each transformer; a fixed one has a single position."""
    now = np.round(column(trafos, "tap_pos", 0)).astype(np.int64)
    movable = trafos.tap_changer_type.notna().to_numpy() if "tap_changer_type" in trafos else np.zeros(len(trafos), dtype=bool)
    low = np.where(movable, np.round(column(trafos, "tap_min", np.nan)), np.nan)
    high = np.where(movable, np.round(column(trafos, "tap_max", np.nan)), np.nan)
    fixed = np.isnan(low) | np.isnan(high)
    low, high = np.where(fixed, now, low).astype(np.int64), np.where(fixed, now, high).astype(np.int64)
    return np.minimum(low, now), np.maximum(high, now), now


def _parameters_over_taps(net: Any, tap_min: IntArray, tap_max: IntArray, offset: IntArray) -> dict[str, FloatArray]:
    """r, x, g, b, ratio and shift of every branch at each of its tap positions, from pandapower's own conversion."""
    _prepare_options(net)
    size = int(offset[-1] + tap_max[-1] - tap_min[-1] + 1) if len(offset) else 0
    tables = {name: np.zeros(size) for name in ("r_pu", "x_pu", "g_pu", "b_pu", "ratio", "shift_degree")}
    columns = {"r_pu": BR_R, "x_pu": BR_X, "g_pu": BR_G, "b_pu": BR_B, "ratio": TAP, "shift_degree": SHIFT}
    lines = len(net.line)
    present = net.trafo.tap_pos.copy() if "tap_pos" in net.trafo else None
    fixed = (tap_max == tap_min)[lines:]
    for step in range(int((tap_max - tap_min).max(initial=0)) + 1):
        at = np.minimum(tap_min + step, tap_max)
        if present is not None:
            net.trafo["tap_pos"] = np.where(fixed, present.astype(float), at[lines:])
        ppc, _ = _pd2ppc(net)
        branch = ppc["branch"]
        for name, place in columns.items():
            tables[name][offset + at - tap_min] = branch[: len(at), place].real
    tables["ratio"][tables["ratio"] == 0] = 1.0
    rebase = BASE_MVA / float(net.sn_mva)
    for name, factor in (("r_pu", rebase), ("x_pu", rebase), ("g_pu", 1 / rebase), ("b_pu", 1 / rebase)):
        tables[name] *= factor
    if present is not None:
        net.trafo["tap_pos"] = present
    return tables


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
