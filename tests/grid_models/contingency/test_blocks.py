"""Blocks, progress, cancelling, caching: the same answers however the outages are cut and ordered."""

import numpy as np
import pytest

from grid_models.contingency.outages import OutageKind, outages_of_kinds, single_outages
from grid_models.contingency.screening import Screening, screen_blocks, screen_outages
from grid_models.contingency.screening_cache import ScreeningCache
from grid_models.errors import StudyCancelled
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

FIELDS = ("loading_percent", "vm_pu", "lost_load_mw", "lost_generation_mw", "islands", "solved")


def _same(one: Screening, rows: list[int], other: Screening) -> None:
    """Rows of one equal the other: solutions to 1e-7, where Newton stops; what is lost exactly."""
    for name in FIELDS:
        np.testing.assert_allclose(getattr(one, name)[rows], getattr(other, name), atol=1e-3 if name == "loading_percent" else 1e-7)
    assert tuple(one.reason[i] for i in rows) == other.reason


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_blocks_equal_the_whole(case39: Grid, block: int) -> None:
    """Every kind of outage, in blocks of any size, with one thread and with two."""
    state = case39.state_at()
    outages = outages_of_kinds(state, tuple(OutageKind))
    whole, first = screen_outages(state, outages), 0
    for part in screen_blocks(state, outages, block=block, threads=1 + block % 2):
        assert part.outages == outages[first : first + len(part.outages)]
        _same(whole, list(range(first, first + len(part.outages))), part)
        first += len(part.outages)
    assert first == len(outages)


def test_the_order_of_outages_and_repeats_change_nothing(default_grid: Grid) -> None:
    """Shuffled, with some asked for twice."""
    state = default_grid.state_at()
    outages = outages_of_kinds(state, (OutageKind.LINE, OutageKind.INFEED, OutageKind.GENERATOR))
    rows = [*np.random.default_rng(2).permutation(len(outages)).tolist(), 3, 3, 96]
    _same(screen_outages(state, outages), rows, screen_outages(state, [outages[i] for i in rows]))


def test_progress_comes_after_each_block_and_a_stop_is_between_them(case39: Grid) -> None:
    """46 branches and an infeed in blocks of 20; stopped after the first, the error says how far it was."""
    state, told = case39.state_at(), list[tuple[int, int]]()
    outages = single_outages(state)
    list(screen_blocks(state, outages, block=20, progress=lambda done, total: told.append((done, total))))
    assert told == [(20, 47), (40, 47), (47, 47)]
    with pytest.raises(StudyCancelled, match="47 outages was stopped after 20") as stopped:
        list(screen_blocks(state, outages, block=20, progress=lambda *_: told.append((0, 0)), cancelled=lambda: len(told) > 3))
    assert (stopped.value.done, stopped.value.total) == (20, 47)


def test_no_outages_are_no_blocks(case39: Grid) -> None:
    """An empty list is an empty answer."""
    assert list(screen_blocks(case39.state_at(), [])) == []
    assert screen_outages(case39.state_at(), []).loading_percent.shape == (0, 46)


def test_the_default_list_is_solved_once_per_state(case39: Grid) -> None:
    """An equal state gets the same object; another one does not."""
    state = case39.state_at()
    assert screen_outages(state) is screen_outages(GridState.at_start(state.model, state.plant_time))
    other = state.with_arrays(load_p_mw=state.load_p_mw * 0.9)
    assert screen_outages(other) is not screen_outages(state)


def test_the_cache_is_bounded_by_bytes(case39: Grid) -> None:
    """100 bytes hold two results of 40, the ones used last; one of 200 is not kept at all."""
    cache: ScreeningCache[str] = ScreeningCache(100)
    base = case39.state_at()
    states = [base.with_arrays(load_p_mw=base.load_p_mw * factor) for factor in (0.9, 0.8, 0.7, 0.6)]
    for number, state in enumerate(states[:2]):
        cache.keep(state, f"{number}", 40)
    assert cache.get(states[0]) == "0"
    cache.keep(states[2], "2", 40)
    assert [cache.get(state) for state in states[:3]] == ["0", None, "2"]
    assert cache.size_bytes == 80
    cache.keep(states[3], "3", 200)
    assert [cache.get(state) for state in states] == ["0", None, "2", None]
