"""MATPOWER's branch matrix: lines first, then transformers with the high-voltage side first."""

from collections.abc import Callable

import numpy as np

from grid_models.errors import UnsupportedGrid
from grid_models.intake.ratings import placeholders, without_placeholders
from grid_models.intake.turned import turned
from grid_models.twin.model import BoolArray, Branches, Buses, FloatArray, IntArray, Names

BASE_MVA = 100.0
_FROM, _TO, _R, _X, _B, _RATE_A, _RATE_B, _TAP, _SHIFT, _STATUS = 0, 1, 2, 3, 4, 5, 6, 8, 9, 10


def branches_of(
    table: FloatArray, base_mva: float, row: Callable[[FloatArray, str], IntArray], buses: Buses, name: str
) -> tuple[Branches, BoolArray]:
    """The branch table and what is in service. A branch between two voltages, with a ratio or a shift is a transformer."""
    _refuse_nonsense(table, name)
    from_bus, to_bus = row(table[:, _FROM], "a branch"), row(table[:, _TO], "a branch")
    ratio = np.where(table[:, _TAP] == 0, 1.0, table[:, _TAP])
    is_line = (buses.nominal_kv[from_bus] == buses.nominal_kv[to_bus]) & (ratio == 1.0) & (table[:, _SHIFT] == 0)
    order = np.argsort(~is_line, kind="stable")
    table, from_bus, to_bus, ratio, is_line = table[order], from_bus[order], to_bus[order], ratio[order], is_line[order]
    rebase = BASE_MVA / base_mva
    tables = {
        "r_pu": table[:, _R] * rebase,
        "x_pu": table[:, _X] * rebase,
        "g_pu": np.zeros(len(table)),
        "b_pu": table[:, _B] / rebase,
        "ratio": ratio,
        "shift_degree": table[:, _SHIFT],
    }
    upward = buses.nominal_kv[from_bus] < buses.nominal_kv[to_bus]
    tables = turned(tables, upward)
    from_bus, to_bus = np.where(upward, to_bus, from_bus), np.where(upward, from_bus, to_bus)
    zeros = np.zeros(len(table), dtype=np.int64)
    rate_a, rate_b = table[:, _RATE_A], table[:, _RATE_B]
    kv_from, kv_to = (np.sqrt(3) * buses.nominal_kv[bus] for bus in (from_bus, to_bus))
    temporary = np.where((rate_b > rate_a) & ~placeholders(is_line, rate_b, buses.nominal_kv[from_bus]), rate_b, np.nan)
    branches = Branches(
        name=_names(is_line, from_bus, to_bus, buses),
        is_line=is_line,
        from_bus=from_bus,
        to_bus=to_bus,
        length_km=np.full(len(table), np.nan),
        rating_from_ka=rate_a / kv_from,
        rating_to_ka=rate_a / kv_to,
        temporary_from_ka=temporary / kv_from,
        temporary_to_ka=temporary / kv_to,
        tap_min=zeros,
        tap_max=zeros.copy(),
        tap_offset=np.arange(len(table), dtype=np.int64),
        **tables,
    )
    return without_placeholders(branches, placeholders(is_line, rate_a, buses.nominal_kv[from_bus])), table[:, _STATUS] > 0


def _names(is_line: BoolArray, from_bus: IntArray, to_bus: IntArray, buses: Buses) -> Names:
    """'Line 5-6 (1)': the ends and the circuit's number."""
    count: dict[str, int] = {}
    made = []
    for line, f, t in zip(is_line, from_bus, to_bus, strict=True):
        ends = "-".join(buses.name[b].removeprefix("Bus ") for b in (f, t))
        label = f"{'Line' if line else 'Transformer'} {ends}"
        count[label] = count.get(label, 0) + 1
        made.append(f"{label} ({count[label]})")
    return tuple(made)


def _refuse_nonsense(table: FloatArray, name: str) -> None:
    """A negative resistance or reactance occurs in real data (network equivalents); a missing or zero impedance does not."""
    series, others = table[:, [_R, _X]], table[:, [_B, _TAP, _SHIFT]]
    bad = ~np.isfinite(series).all(axis=1) | (series == 0).all(axis=1) | ~np.isfinite(others).all(axis=1) | (table[:, _TAP] < 0)
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise UnsupportedGrid(
            f"Grid '{name}' has branch {at + 1} ({table[at, _FROM]:g}-{table[at, _TO]:g}) with r {table[at, _R]:g}, x {table[at, _X]:g}, "
            f"b {table[at, _B]:g} and ratio {table[at, _TAP]:g}; with finite numbers and an impedance other than zero it would load."
        )
