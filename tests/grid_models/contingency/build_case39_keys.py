"""Makes `case39_keys.json`: all 46 single branch outages of case39 by plain `pandapower.runpp`, one after the other.

Nothing of ours takes part: the branch's `in_service` is set to False, the power flow is run with defaults from a fresh net, and the
answer is read from pandapower's result tables. What has no voltage afterwards is lost.
No loading at all (null) means that only the infeed's own bus is left.
Run from this folder: python build_case39_keys.py
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks


def key(table: str, row: int) -> dict[str, Any]:
    """One outage. Branches are named by table and row; percent of the rating, pu, MW; values rounded to 1e-6."""
    net = networks.case39()
    net[table].loc[net[table].index[row], "in_service"] = False
    try:
        pp.runpp(net, numba=False)
    except pp.LoadflowNotConverged:
        return {"table": table, "row": row, "converged": False}
    loading = {("line", i): value for i, value in enumerate(net.res_line.loading_percent)}
    loading |= {("trafo", i): value for i, value in enumerate(net.res_trafo.loading_percent)}
    del loading[(table, row)]
    loading = {branch: value for branch, value in loading.items() if np.isfinite(value)}
    heaviest = max(loading, key=lambda branch: loading[branch], default=None)
    dead = set(net.bus.index[net.res_bus.vm_pu.isna()])
    return {
        "table": table,
        "row": row,
        "converged": True,
        "max_loading_percent": round(loading[heaviest], 6) if heaviest else None,
        "max_loading_branch": list(heaviest) if heaviest else None,
        "overloads": {f"{name} {i}": round(value, 6) for (name, i), value in sorted(loading.items()) if value > 100.0},
        "vm_min_pu": round(net.res_bus.vm_pu.min(), 9),
        "vm_max_pu": round(net.res_bus.vm_pu.max(), 9),
        "lost_load_mw": round(float(net.load.p_mw[net.load.bus.isin(dead)].sum()), 6),
        "lost_generation_mw": round(float(net.gen.p_mw[net.gen.bus.isin(dead)].sum()), 6),
    }


if __name__ == "__main__":
    reference = networks.case39()
    keys = [key(table, row) for table in ("line", "trafo") for row in range(len(reference[table]))]
    text = {"made_with": f"pandapower {pp.__version__}, runpp(net, numba=False)", "outages": keys}
    Path(__file__).with_name("case39_keys.json").write_text(json.dumps(text, indent=1) + "\n")
