"""What the twin does not model, or what is no grid: one sentence that names the equipment and what would load."""

from typing import Any

import numpy as np

from grid_models.errors import UnsupportedGrid
from grid_models.intake.columns import column
from grid_models.intake.legs import uneven

LARGEST_BUSES = 100_000
_UNSUPPORTED = {
    "svc": "SVCs",
    "tcsc": "TCSCs",
    "ssc": "STATCOMs",
    "vsc": "converters",
    "vsc_stacked": "converters",
    "vsc_bipolar": "converters",
    "b2b_vsc": "back-to-back converters",
    "line_dc": "DC lines",
    "load_dc": "DC loads",
    "source_dc": "DC sources",
}
_NEEDED = {  # columns without which there is no power flow
    "bus": ("vn_kv",),
    "line": ("length_km", "r_ohm_per_km", "x_ohm_per_km"),
    "trafo": ("sn_mva", "vn_hv_kv", "vn_lv_kv", "vk_percent", "vkr_percent"),
    "trafo3w": (
        "sn_hv_mva",
        "sn_mv_mva",
        "sn_lv_mva",
        "vn_hv_kv",
        "vn_mv_kv",
        "vn_lv_kv",
        "vk_hv_percent",
        "vk_mv_percent",
        "vk_lv_percent",
    ),
    "impedance": ("rft_pu", "xft_pu", "sn_mva"),
    "load": ("p_mw", "q_mvar"),
    "gen": ("p_mw", "vm_pu"),
    "sgen": ("p_mw",),
    "ext_grid": ("vm_pu",),
    "motor": ("pn_mech_mw", "cos_phi", "efficiency_percent"),
}
_POSITIVE = {
    "bus": ("vn_kv",),
    "line": ("length_km",),
    "trafo": ("sn_mva", "vn_hv_kv", "vn_lv_kv"),
    "trafo3w": ("sn_hv_mva", "sn_mv_mva", "sn_lv_mva", "vn_hv_kv", "vn_mv_kv", "vn_lv_kv"),
    "impedance": ("sn_mva",),
    "gen": ("vm_pu",),
    "ext_grid": ("vm_pu",),
}
_ENDS = {
    "line": ("from_bus", "to_bus"),
    "trafo": ("hv_bus", "lv_bus"),
    "trafo3w": ("hv_bus", "mv_bus", "lv_bus"),
    "impedance": ("from_bus", "to_bus"),
    "dcline": ("from_bus", "to_bus"),
    **dict.fromkeys(("load", "gen", "sgen", "ext_grid", "storage", "shunt", "ward", "xward", "motor", "switch"), ("bus",)),
}


def refuse_unsupported(net: Any, name: str) -> None:
    """Raises UnsupportedGrid naming the equipment."""
    found = [words for table, words in _UNSUPPORTED.items() if table in net and len(net[table]) and net[table].in_service.any()]
    if any(net.load[c].fillna(0).ne(0).any() for c in net.load.columns if c.startswith("const_")):
        found.append("voltage-dependent loads")
    if lopsided := uneven(net):
        found.append(f"impedances with different values by direction ({', '.join(lopsided[:3])})")
    if "z_ohm" in net.switch and (net.switch.closed & (net.switch.et == "b") & net.switch.z_ohm.fillna(0).gt(0)).any():
        found.append("switches with an impedance of their own")
    if found:
        raise UnsupportedGrid(f"Grid '{name}' holds {', '.join(found)}, which the twin does not model yet; a grid without them would load.")


def refuse_nonsense(net: Any, name: str) -> None:
    """Raises UnsupportedGrid naming the first value with which no power flow can be computed."""
    if not len(net.bus):
        raise UnsupportedGrid(f"Grid '{name}' has no buses; a grid with at least one bus and one infeed would load.")
    if len(net.bus) > LARGEST_BUSES:
        raise UnsupportedGrid(f"Grid '{name}' has {len(net.bus)} buses; grids up to {LARGEST_BUSES} buses load.")
    slack = column(net.gen, "slack", 0).astype(bool) & column(net.gen, "in_service", True).astype(bool)
    if not (slack.any() or column(net.ext_grid, "in_service", True).any()):
        raise UnsupportedGrid(f"Grid '{name}' has no infeed (external grid or slack machine) in service; with one it would load.")
    _refuse_lost_ends(net, name)
    for table, needed in _NEEDED.items():
        for words in needed:
            values = column(net[table], words, np.nan)
            _refuse_rows(net, name, table, words, values, ~np.isfinite(values), "a finite number")
    for table, positive in _POSITIVE.items():
        for words in positive:
            values = column(net[table], words, np.nan)
            _refuse_rows(net, name, table, words, values, values <= 0, "a number above zero")
    lines = column(net.line, "r_ohm_per_km", 0.0) ** 2 + column(net.line, "x_ohm_per_km", 0.0) ** 2
    _refuse_rows(net, name, "line", "impedance", lines, lines == 0, "an impedance other than zero (or a closed switch)")


def _refuse_lost_ends(net: Any, name: str) -> None:
    for table, ends in _ENDS.items():
        for end in ends:
            lost = ~net[table][end].isin(net.bus.index).to_numpy(bool)
            if lost.any():
                row, bus = net[table].index[lost][0], net[table][end].to_numpy()[lost][0]
                raise UnsupportedGrid(
                    f"Grid '{name}' has {table} {row} at bus {bus}, which does not exist; with a bus of the file it would load."
                )


def _refuse_rows(net: Any, name: str, table: str, words: str, values: Any, bad: Any, works: str) -> None:
    """Out-of-service elements may be incomplete: nothing is computed from them."""
    bad = bad & column(net[table], "in_service", True).astype(bool)
    if bad.any():
        row = net[table].index[bad][0]
        raise UnsupportedGrid(f"Grid '{name}' has {table} {row} with {words} {values[bad][0]:g}; with {works} it would load.")
