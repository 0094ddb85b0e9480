"""The tables of a contingency analysis: only the rows that are listed become objects."""

from collections import Counter
from typing import TypedDict

import numpy as np

from grid_models.contingency.outages import Outage
from grid_models.contingency.severity import TIE_DIGITS
from grid_models.contingency.summary import Summary
from grid_models.twin.model import BoolArray, IntArray
from tools.contingency_result import ElementRow, FailedCase, OutageRow, Overload

MAX_OVERLOADS = 20
MAX_FAILED = 1000
NO_LOAD_MW = 1e-6  # rounding of the solver


def names_of(outage: Outage) -> tuple[str, ...]:
    """The elements that fail together, as a row lists them."""
    return tuple(element.name for element in outage.elements)


def overloads_per_outage(summary: Summary) -> IntArray:
    """(outages,) branches above the limit."""
    return np.bincount(summary.over_outage, minlength=len(summary.outages))


def with_a_finding(summary: Summary) -> BoolArray:
    """(outages,) overloads a branch, pushes a voltage out of its band, loses load or all supply; not those unsolved."""
    found = (overloads_per_outage(summary) > 0) | (summary.voltage_violations > 0) | (summary.lost_load_mw > NO_LOAD_MW)
    found |= summary.total_loss  # also where there is no load to lose
    return np.asarray(found & summary.solved)


class Counts(TypedDict):
    """How many outages do what, by the names of the result."""

    cases_by_kind: dict[str, int]
    failed_total: int
    total: int
    overloading: int
    losing_load: int
    lost_load_mw: float
    total_losses: int
    violating_voltage: int


def counts(summary: Summary) -> Counts:
    """Of the outages solved; `cases_by_kind` and `failed_total` of all."""
    return Counts(
        cases_by_kind={kind.value: count for kind, count in Counter(outage.kind for outage in summary.outages).items()},
        failed_total=int((~summary.solved).sum()),
        total=int(with_a_finding(summary).sum()),
        overloading=int((overloads_per_outage(summary) > 0).sum()),
        losing_load=int((summary.lost_load_mw > NO_LOAD_MW).sum()),
        lost_load_mw=float(summary.lost_load_mw.max(initial=0.0)),
        total_losses=int(summary.total_loss.sum()),
        violating_voltage=int((summary.voltage_violations > 0).sum()),
    )


def worst_rows(summary: Summary, top: int) -> tuple[OutageRow, ...]:
    """The gravest solved outages."""
    order = summary.order[summary.solved[summary.order]][:top]
    first, last = np.searchsorted(summary.over_outage, order), np.searchsorted(summary.over_outage, order, side="right")
    return tuple(_row(summary, *at) for at in zip(order.tolist(), first.tolist(), last.tolist(), strict=True))


def _row(summary: Summary, i: int, first: int, last: int) -> OutageRow:
    """Outage `i`, whose overloads are the entries `first` to `last`."""
    name, peak = summary.state.model.branches.name, int(summary.max_loading_branch[i])
    listed = slice(first, min(last, first + MAX_OVERLOADS))
    overloads = zip(summary.over_branch[listed].tolist(), summary.over_percent[listed].tolist(), strict=True)
    return OutageRow(
        outage=names_of(summary.outages[i]),
        kind=summary.outages[i].kind,
        max_loading_percent=_known(summary.max_loading_percent[i]),
        max_loading_element=None if np.isnan(summary.max_loading_percent[i]) else name[peak],
        overloaded=tuple(Overload(element=name[branch], loading_percent=percent) for branch, percent in overloads),
        overloads=last - first,
        vm_min_pu=_known(summary.vm_min_pu[i]),
        vm_max_pu=_known(summary.vm_max_pu[i]),
        voltage_violations=int(summary.voltage_violations[i]),
        voltage_excess_pu=float(summary.voltage_excess_pu[i]),
        lost_load_mw=float(summary.lost_load_mw[i]),
        lost_generation_mw=float(summary.lost_generation_mw[i]),
        islands=int(summary.islands[i]),
        total_loss=bool(summary.total_loss[i]),
        severity=float(summary.severity[i]),
    )


def _known(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def failed_rows(summary: Summary) -> tuple[FailedCase, ...]:
    rows = np.flatnonzero(~summary.solved)[:MAX_FAILED].tolist()
    return tuple(FailedCase(outage=names_of(summary.outages[i]), reason=summary.reason[i]) for i in rows)


def element_rows(summary: Summary, top: int) -> tuple[tuple[ElementRow, ...], int]:
    """The branches that overload under most outages (equal counts: the heaviest, then the grid's order), and how many there are."""
    percent = np.round(summary.over_percent, TIE_DIGITS)
    heaviest_first = np.lexsort((summary.over_outage, -percent, summary.over_branch))
    branches, first, cases = np.unique(summary.over_branch[heaviest_first], return_index=True, return_counts=True)
    worst = heaviest_first[first]
    order = np.lexsort((branches, -percent[worst], -cases))[:top]
    name = summary.state.model.branches.name
    rows = tuple(
        ElementRow(
            element=name[branches[i]],
            cases=int(cases[i]),
            worst_percent=float(summary.over_percent[worst[i]]),
            worst_outage=names_of(summary.outages[summary.over_outage[worst[i]]]),
        )
        for i in order
    )
    return rows, len(branches)
