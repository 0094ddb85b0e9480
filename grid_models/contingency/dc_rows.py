"""By how much does losing one branch change every flow? Exact rows of the DC model, bridges included.

Losing a branch that is no bridge shifts its flow f onto the others: row · f (line outage distribution factors). Losing a bridge relieves
the node it left of the flow it carried away, and what hung below it is dead; such a row is in MW already, multiplier 1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.contingency.dc_cuts import Cuts, cuts_of
from grid_models.steady.dc import DcFlow
from grid_models.twin.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Columns:
    """The branches whose flows are wanted. branch: (columns,) rows of the branch table.  flow: (columns,) before any outage [MW]."""

    dc: DcFlow
    cuts: Cuts
    branch: IntArray

    @cached_property
    def flow(self) -> FloatArray:
        return np.asarray(self.dc.flow_mw[self.branch])

    @cached_property
    def column_of(self) -> IntArray:
        """(branches,) column of each branch, -1 where it is not wanted."""
        column = np.full(len(self.dc.flow_mw), -1, dtype=np.int64)
        column[self.branch] = np.arange(len(self.branch))
        return column

    @cached_property
    def ends(self) -> tuple[IntArray, IntArray]:
        topology, place = self.dc.topology, self.dc.factors.place
        return place[topology.from_node[self.branch]], place[topology.to_node[self.branch]]

    @cached_property
    def susceptance(self) -> FloatArray:
        return np.asarray(self.dc.susceptance_mw[self.branch])

    def dead_below(self, bridge: int) -> BoolArray:
        """(columns,) the bridge and what hangs below it."""
        first, last = self.cuts.first[bridge], self.cuts.last[bridge]
        inside = (self.positions >= first) & (self.positions < last)
        return np.asarray(inside[0] | inside[1])

    @cached_property
    def positions(self) -> IntArray:
        """(2, columns) the ends' positions in the depth-first order."""
        topology = self.dc.topology
        return self.cuts.position[np.stack([topology.from_node[self.branch], topology.to_node[self.branch]])]


def columns_of(dc: DcFlow, branch: IntArray) -> Columns:
    """Columns for these branches of a grid, with its cuts."""
    topology = dc.topology
    return Columns(dc, cuts_of(topology.from_node, topology.to_node, topology.branch_live, dc.held), branch)


def multipliers(columns: Columns, branches: IntArray) -> FloatArray:
    """(cases,) what each row is multiplied with: the branch's own flow [MW], or 1 for a bridge."""
    return np.where(columns.cuts.bridge[branches], 1.0, columns.dc.flow_mw[branches])


def unit_rows(columns: Columns, branches: IntArray) -> FloatArray:
    """(cases, columns) flows per MW sent from each branch's from node to its to node."""
    topology, place = columns.dc.topology, columns.dc.factors.place
    ends = place[topology.from_node[branches]], place[topology.to_node[branches]]
    return columns.dc.factors.flows_per_mw(*ends, columns.ends, columns.susceptance)


def change_rows(columns: Columns, branches: IntArray) -> tuple[FloatArray, FloatArray]:
    """(cases, columns) rows as explained above, every branch among the columns; and (cases,) the share of its own MW that each keeps.

    The branch itself, and what hangs below a bridge, ends at a flow of exactly nothing.
    """
    dc, place = columns.dc, columns.dc.factors.place
    topology, bridge, own = dc.topology, columns.cuts.bridge[branches], columns.column_of[branches]
    f, t = topology.from_node[branches], topology.to_node[branches]
    held, below_to = len(dc.factors.free), columns.cuts.position[t] == columns.cuts.first[branches]
    into = np.where(bridge & ~below_to, place[t], place[f])  # a bridge's main end: the one that is not below it
    out_of = np.where(bridge, held, place[t])
    rows = dc.factors.flows_per_mw(into, out_of, columns.ends, columns.susceptance)
    case = np.arange(len(branches))
    kept = np.where(bridge, 1.0, 1.0 - rows[case, own])
    flow = dc.flow_mw[branches]
    rows *= np.where(bridge, np.where(below_to, flow, -flow), 1.0 / kept)[:, None]
    rows[case, own] = np.where(bridge, -flow, -1.0)
    for i in np.flatnonzero(bridge):
        dead = columns.dead_below(int(branches[i]))
        rows[i, dead] = -columns.flow[dead]
    return rows, kept
