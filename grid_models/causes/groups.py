"""Which kinds of injections load the branch? The single shares summed by kind; with transit and remainder they add up to the flow."""

from dataclasses import dataclass

import numpy as np

from grid_models.causes.injections import Group
from grid_models.causes.shares import Shares
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_INJECTING = (Group.WIND, Group.PV, Group.GENERATION, Group.STORAGE, Group.LOAD)


@dataclass(frozen=True)
class GroupShare:
    """`adding_mw` and `opposing_mw` (negative) are the sums of the members' shares with and against the flow."""

    group: Group
    elements: int
    injection_mw: float
    share_mw: float
    adding_mw: float
    opposing_mw: float


def group_shares(shares: Shares, state: GridState) -> tuple[GroupShare, ...]:
    """Groups that have members, in a fixed order, then transit (no-load flow with one infeed) and remainder."""
    rows = [_sum_of(shares, group) for group in _INJECTING]
    passing = Group.TRANSIT if several_infeeds(state) else Group.NO_LOAD
    return (*(row for row in rows if row.elements), _alone(passing, shares.transit_mw), _alone(Group.REMAINDER, shares.remainder_mw))


def members(shares: Shares, group: Group) -> tuple[int, ...]:
    """Rows of the injections that belong to the group."""
    return tuple(i for i in range(len(shares.injections)) if shares.injections.group(i) is group)


def several_infeeds(state: GridState) -> bool:
    """Whether power can pass from one infeed to another: infeeds in service at two nodes or more."""
    nodes = topology_of(state).node_of_bus[state.model.infeeds.bus[state.infeed_on]]
    return len(np.unique(nodes)) > 1


def _sum_of(shares: Shares, group: Group) -> GroupShare:
    rows = np.array(members(shares, group), dtype=np.int64)
    share = shares.share_mw[rows]
    return GroupShare(
        group,
        elements=len(rows),
        injection_mw=float(shares.injections.p_mw[rows].sum()),
        share_mw=float(share.sum()),
        adding_mw=float(share[share > 0].sum()),
        opposing_mw=float(share[share < 0].sum()),
    )


def _alone(group: Group, share_mw: float) -> GroupShare:
    return GroupShare(group, 0, 0.0, share_mw, max(share_mw, 0.0), min(share_mw, 0.0))
