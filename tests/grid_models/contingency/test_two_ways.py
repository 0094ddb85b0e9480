"""The batches must say exactly what `state_after` says: every kind of outage and seeded random groups, solved both ways."""

import numpy as np
import pytest

from grid_models.contingency.alone import solve_alone
from grid_models.contingency.base import base_of
from grid_models.contingency.outages import Outage, OutageKind, outages_of_kinds
from grid_models.contingency.screening import screen_outages
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState


@pytest.mark.parametrize("name", ["default_grid", "case39", "training"])
def test_a_batch_says_what_the_state_after_says(name: str, request: pytest.FixtureRequest) -> None:
    """Voltages within 1e-6 pu, loadings within 1e-3 % (Newton stops at 10 W), the same dead busbars, losses and parts."""
    grid: Grid = request.getfixturevalue(name)
    state = grid.state_at()
    outages = _sample(state, 90)
    screening, base = screen_outages(state, outages), base_of(state)
    busbar = state.model.buses.is_busbar  # an outaged line's own terminals die in neither or in one of the two
    for i, outage in enumerate(outages):
        alone = solve_alone(base, outage)
        assert bool(screening.solved[i]) is (alone.reason == "")
        np.testing.assert_allclose(screening.vm_pu[i][busbar], alone.vm_pu[busbar], atol=1e-6, err_msg=outage.name)
        np.testing.assert_allclose(screening.loading_percent[i], alone.loading_percent, atol=1e-3, err_msg=outage.name)
        assert screening.lost_load_mw[i] == pytest.approx(alone.lost_load_mw)
        assert screening.lost_generation_mw[i] == pytest.approx(alone.lost_generation_mw)
        assert screening.islands[i] == alone.islands


def _sample(state: GridState, count: int) -> list[Outage]:
    """Singles and double circuits of every kind, then groups of two or three of any elements."""
    random, every = np.random.default_rng(7), outages_of_kinds(state, tuple(OutageKind))
    elements = list(dict.fromkeys(e for outage in every for e in outage.elements))
    singles = [every[i] for i in random.choice(len(every), min(count, len(every)), replace=False)]
    groups = [random.choice(len(elements), int(random.integers(2, 4)), replace=False) for _ in range(count // 2)]
    return singles + [Outage(OutageKind.GROUP, tuple(elements[i] for i in group)) for group in groups]
