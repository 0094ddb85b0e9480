"""N-2: few pairs in AC, many by DC with confirmation; what is said about it."""

import dataclasses

import numpy as np
import pytest

from grid_models.contingency import pair_study
from grid_models.contingency.outages import Outage, OutageKind
from grid_models.contingency.pair_study import study_pairs
from grid_models.contingency.summary import summarise
from grid_models.errors import StudyCancelled
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

LIMITS = OperatingLimits((VoltageBand("test", 0.0, 1000.0, 0.9, 1.1),), max_loading_percent=100.0, loading_rule="test")


def _unrated(state: GridState) -> GridState:
    nothing = np.full(len(state.branch_on), np.nan)
    branches = dataclasses.replace(state.model.branches, rating_from_ka=nothing, rating_to_ka=nothing)
    return dataclasses.replace(state, model=dataclasses.replace(state.model, branches=branches))


def test_few_pairs_are_all_solved_in_ac(case39: Grid) -> None:
    """46 branches: 1,035 pairs, none left to an estimate."""
    told: list[tuple[int, int]] = []
    study = study_pairs(case39.state_at(), LIMITS, progress=lambda done, total: told.append((done, total)))
    assert (study.pairs, study.confirmed, len(study.summary.outages), study.left_out) == (1035, 1035, 1035, 0)
    assert study.screening is None
    assert told[-1] == (1035, 1035)
    assert "All 1,035 pairs of branches were solved in AC" in study.method


def test_many_pairs_are_screened_and_the_worst_confirmed(case39: Grid) -> None:
    """Made to screen, the study confirms exactly the listed pairs, and its AC rows are those of the exhaustive one."""
    state = case39.state_at()
    told: list[tuple[int, int]] = []
    whole = study_pairs(state, LIMITS)
    study = study_pairs(state, LIMITS, keep=30, few_pairs=100, progress=lambda done, total: told.append((done, total)))
    assert study.screening is not None
    assert (study.pairs, study.screened, study.islanding) == (1035, 1035, study.screening.islanding)
    assert study.confirmed == len(study.summary.outages) < 1035
    assert told[-1] == (1035 + study.confirmed, 1035 + study.confirmed)
    row = {frozenset(e.name for e in outage.elements): i for i, outage in enumerate(whole.summary.outages)}
    for i, outage in enumerate(study.summary.outages):
        same = row[frozenset(e.name for e in outage.elements)]
        assert study.summary.lost_load_mw[i] == pytest.approx(whole.summary.lost_load_mw[same])
        assert study.summary.max_loading_percent[i] == pytest.approx(whole.summary.max_loading_percent[same], abs=0.01, nan_ok=True)


def test_what_the_cap_leaves_out_is_said(case39: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """More pairs within the margin than may be confirmed: counted and named."""
    monkeypatch.setattr(pair_study, "MOST_CONFIRMED", 20)
    study = study_pairs(case39.state_at(), LIMITS, keep=5, few_pairs=0)
    assert study.screening is not None
    assert study.left_out == study.screening.within_margin - 20 > 0
    assert f"{study.left_out:,} within the margin were not" in study.method


def test_without_ratings_lost_load_is_what_is_confirmed(case39: Grid) -> None:
    """No loading can be ranked, which is said; the pairs that lose most load are solved."""
    study = study_pairs(_unrated(case39.state_at()), LIMITS, keep=10, few_pairs=0)
    assert "no branch has a rating" in study.method
    assert (study.confirmed, study.overloading_dc) == (10, 0)
    assert (study.summary.lost_load_mw > 0).all()


def test_a_pair_is_the_same_in_either_order(case39: Grid) -> None:
    """Losing (k, l) is losing (l, k)."""
    state = case39.state_at()
    pairs = study_pairs(state, LIMITS).summary
    turned = tuple(Outage(OutageKind.GROUP, outage.elements[::-1]) for outage in pairs.outages[::37])
    back = summarise(state, turned, LIMITS)
    assert back.max_loading_percent == pytest.approx(pairs.max_loading_percent[::37], abs=1e-3, nan_ok=True)
    assert back.lost_load_mw == pytest.approx(pairs.lost_load_mw[::37])


def test_it_stops_when_told(case39: Grid) -> None:
    """By DC and in AC alike."""
    for few in (0, 20_000):
        with pytest.raises(StudyCancelled):
            study_pairs(case39.state_at(), LIMITS, few_pairs=few, cancelled=lambda: True)
