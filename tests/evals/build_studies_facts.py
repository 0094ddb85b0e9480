"""The numbers of the scenarios of suite `studies` that DESIGN does not give, from plain pandapower and networkx and nothing of ours.

Run by hand (`python tests/evals/build_studies_facts.py`) and compare with `evals/scenarios/`; not a test. Bus N is pandapower's row N - 1.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import networkx as nx
import pandapower as pp
import pandapower.networks as pn
import pandapower.topology as top


def case39() -> Any:
    """A fresh copy of the New England grid."""
    return pn.case39()


def branch(net: Any, one: int, other: int) -> tuple[str, int]:
    """Table and row of the branch between two published buses."""
    for table, ends in (("line", ("from_bus", "to_bus")), ("trafo", ("hv_bus", "lv_bus"))):
        rows = net[table]
        found = rows[[{a, b} == {one - 1, other - 1} for a, b in zip(rows[ends[0]], rows[ends[1]], strict=True)]]
        if len(found):
            return table, int(found.index[0])
    raise LookupError(f"nothing between {one} and {other}")


def peak(net: Any) -> float:
    """Highest loading of a branch [%]."""
    return float(max(net.res_line.loading_percent.max(), net.res_trafo.loading_percent.max()))


def without(net: Any, pairs: Iterable[tuple[int, int]]) -> Any:
    for pair in pairs:
        table, row = branch(net, *pair)
        net[table].loc[row, "in_service"] = False
    return net


def solved(net: Any) -> Any:
    pp.runpp(net, numba=False)
    return net


def main() -> None:
    """Print every fact."""
    base = solved(case39())
    losses = base.res_line.pl_mw.sum() + base.res_trafo.pl_mw.sum()
    print(f"case39: load {base.load.p_mw.sum():.2f} MW, losses {losses:.3f} MW, highest loading {peak(base):.3f} %")
    print(f"  vm {base.res_bus.vm_pu.min():.4f} to {base.res_bus.vm_pu.max():.4f}")
    direct = case39()
    pp.rundcpp(direct)
    print(f"DC: highest loading {peak(direct):.3f} %, infeed {direct.res_ext_grid.p_mw.sum():.2f} MW")

    line = base.res_line.loc[branch(base, 16, 19)[1]]
    print(f"Line 16-19: {line.p_from_mw:.3f} / {line.p_to_mw:.3f} MW, {line.loading_percent:.3f} %")

    pair = solved(without(case39(), [(5, 6), (6, 7)]))
    print(f"without 5-6 and 6-7: {peak(pair):.2f} %, vm {pair.res_bus.vm_pu.min():.4f} to {pair.res_bus.vm_pu.max():.4f}")
    table, row = branch(pair, 13, 14)
    print(f"  line 13-14 there {pair['res_' + table].loading_percent[row]:.2f} %")
    bus = case39()
    bus.bus.loc[15, "in_service"] = False  # its lines are opened at both ends; left closed at the other end they would charge
    bus.line.loc[(bus.line.from_bus == 15) | (bus.line.to_bus == 15), "in_service"] = False
    solved(bus)
    dead = bus.res_bus.vm_pu.isna()
    print(f"busbar 16: dead {[int(i) + 1 for i in dead[dead].index]}, {peak(bus):.2f} %")
    for at in (32, 38):
        machine = case39()
        machine.gen.loc[machine.gen.bus == at - 1, "in_service"] = False
        print(f"machine at {at}: {peak(solved(machine)):.2f} %, vm from {machine.res_bus.vm_pu.min():.4f}")
    for one, other in ((16, 17), (16, 19)):
        try:
            print(f"without {one}-{other}: {peak(solved(without(case39(), [(one, other)]))):.2f} %")
        except pp.LoadflowNotConverged:
            print(f"without {one}-{other}: no power flow")

    graph = top.create_nxgraph(base, multi=True)
    print("buses next to 16:", sorted(int(n) + 1 for n in graph.neighbors(15)))
    print("hops 5 to 16:", nx.shortest_path_length(graph, 4, 15), "; branch-disjoint:", nx.edge_connectivity(nx.Graph(graph), 4, 15))
    cuts = {frozenset(e) for e in nx.bridges(nx.Graph(graph))}
    print("bridges:", sorted(sorted(int(n) + 1 for n in c) for c in cuts))
    edges = list(graph.edges(keys=True))
    apart = sum(not nx.is_connected(nx.restricted_view(graph, (), pair)) for pair in combinations(edges, 2))
    print("pairs:", len(edges) * (len(edges) - 1) // 2, "of which cut the grid apart:", apart)
    print("load behind 16-19:", base.load[base.load.bus.isin([18, 19, 32, 33])].p_mw.sum())
    for pairs in (((29, 38),), ((16, 17), (29, 38))):
        net = solved(without(case39(), pairs))
        print(f"line 3-4 without {pairs}: {net.res_line.loading_percent[branch(net, 3, 4)[1]]:.2f} %")

    for factor in (1.2, 1.24, 1.25, 1.26, 1.27, 1.28, 1.29, 1.32, 3.0):
        scaled = case39()
        scaled.load[["p_mw", "q_mvar"]] *= factor
        try:
            print(f"all loads times {factor}: highest loading {peak(solved(scaled)):.1f} %")
        except pp.LoadflowNotConverged:
            print(f"all loads times {factor}: no power flow")
    print("case118: infeed bus", pn.case118().ext_grid.bus.tolist(), "load", pn.case118().load.p_mw.sum())


if __name__ == "__main__":
    main()
