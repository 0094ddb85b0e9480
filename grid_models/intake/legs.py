"""Three-winding transformers, series impedances and extended wards as branches: what pandapower appends behind lines and transformers."""

from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label, bus_rows, column, names, text
from grid_models.twin.model import FloatArray, IntArray, Names, ThreeWindings

SIDES = ("hv", "mv", "lv")


def three_winding_names(net: Any) -> Names:
    table = net.trafo3w
    ends = ["-".join(bus_label(net, table.at[i, f"{side}_bus"]).removeprefix("Bus ") for side in SIDES) for i in table.index]
    return names(table, "Transformer {}", ends)


def leg_names(net: Any) -> Names:
    """One name a winding; the rows run over all high-voltage windings, then medium, then low, as in pandapower's conversion."""
    called = three_winding_names(net)
    return tuple(f"{name} ({side})" for side in SIDES for name in called)


def leg_terminals(net: Any, position: dict[Any, int]) -> IntArray:
    return np.concatenate([bus_rows(net.trafo3w[f"{side}_bus"], position) for side in SIDES]).astype(np.int64)


def leg_ratings(net: Any) -> tuple[FloatArray, FloatArray]:
    """Rated power [MVA] and the current that goes with it at the terminal [kA] of every leg."""
    mva = np.concatenate([column(net.trafo3w, f"sn_{side}_mva", np.nan) for side in SIDES])
    kv = np.concatenate([column(net.trafo3w, f"vn_{side}_kv", np.nan) for side in SIDES])
    return mva, mva / kv / np.sqrt(3)


def three_windings(net: Any, first_leg: int, first_star: int) -> ThreeWindings:
    """`first_leg`: row of the first leg in the branch table; `first_star`: row of the first star in the bus table."""
    count = len(net.trafo3w)
    return ThreeWindings(
        name=three_winding_names(net),
        legs=(first_leg + np.arange(count)[:, None] + count * np.arange(3)[None, :]).astype(np.int64),
        star_bus=first_star + np.arange(count, dtype=np.int64),
    )


def impedance_names(net: Any) -> Names:
    ends = [
        "-".join(bus_label(net, b).removeprefix("Bus ") for b in pair)
        for pair in zip(net.impedance.from_bus, net.impedance.to_bus, strict=True)
    ]
    return names(net.impedance, "Impedance {}", ends)


def extended_ward_names(net: Any) -> Names:
    return names(net.xward, "Extended ward at {}", [bus_label(net, b) for b in net.xward.bus])


def uneven(net: Any) -> list[str]:
    """Impedances that differ by direction: the branch model has one value for both."""
    table = net.impedance
    pairs = (("rft_pu", "rtf_pu"), ("xft_pu", "xtf_pu"), ("gf_pu", "gt_pu"), ("bf_pu", "bt_pu"))
    differs = np.zeros(len(table), dtype=bool)
    for one, other in pairs:
        differs |= ~np.isclose(column(table, one, 0.0), column(table, other, 0.0), rtol=1e-9, atol=1e-12)
    return [text(n) for n, d in zip(impedance_names(net), differs, strict=True) if d]
