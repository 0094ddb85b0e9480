"""case39 in full: every single branch outage against answers made with pandapower alone (`build_case39_keys.py`)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grid_models.contingency.outages import OutageKind, outages_of_kinds
from grid_models.contingency.summary import Summary, summarise
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid

KEYS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("case39_keys.json").read_text())["outages"]
LIMITS = OperatingLimits(voltage_bands=(), max_loading_percent=100.0, loading_rule="test")
LINES = 35  # transformers follow the lines in the branch table


@pytest.fixture(scope="module")
def summary(case39: Grid) -> Summary:
    state = case39.state_at()
    return summarise(state, outages_of_kinds(state, [OutageKind.LINE, OutageKind.TRANSFORMER]), LIMITS)


def test_there_is_a_key_for_every_single_branch_outage(summary: Summary) -> None:
    """pandapower's case39 has 35 lines and 11 transformers."""
    assert len(KEYS) == len(summary.outages) == 46


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key['table']}-{key['row']}")
def test_an_outage_equals_its_key(summary: Summary, key: dict[str, Any]) -> None:
    """Solved alike; 0.01 % in loading, 1e-5 pu in voltage, 1 W in what is lost; the same overloads, heaviest first."""
    row = next(i for i, o in enumerate(summary.outages) if o.elements[0].index == _branch(key["table"], key["row"]))
    assert bool(summary.solved[row]) is key["converged"]
    if key["max_loading_branch"] is None:
        assert np.isnan(summary.max_loading_percent[row])
        assert summary.max_loading_branch[row] == -1
    else:
        assert summary.max_loading_percent[row] == pytest.approx(key["max_loading_percent"], abs=0.01)
        assert summary.max_loading_branch[row] == _branch(*key["max_loading_branch"])
    assert summary.vm_min_pu[row] == pytest.approx(key["vm_min_pu"], abs=1e-5)
    assert summary.vm_max_pu[row] == pytest.approx(key["vm_max_pu"], abs=1e-5)
    assert summary.lost_load_mw[row] == pytest.approx(key["lost_load_mw"], abs=1e-6)
    assert summary.lost_generation_mw[row] == pytest.approx(key["lost_generation_mw"], abs=1e-6)
    over = summary.over_outage == row
    expected = {_branch(name.split()[0], int(name.split()[1])): value for name, value in key["overloads"].items()}
    assert dict(zip(summary.over_branch[over].tolist(), summary.over_percent[over].tolist(), strict=True)) == pytest.approx(
        expected, abs=0.01
    )
    assert sorted(summary.over_percent[over], reverse=True) == summary.over_percent[over].tolist()


def _branch(table: str, row: int) -> int:
    return row if table == "line" else LINES + row
