"""Small examples that others have published with their results; each file in `cases/` carries its source."""

from pathlib import Path
from typing import Any

import numpy as np
import pandapower as pp
import pytest
import yaml

from grid_models.estimation.estimate import estimate
from grid_models.estimation.result import Estimate
from grid_models.intake.net import model_from_net
from grid_models.telemetry.measurement_set import Measurement
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import GridModel

FILES = sorted(p for p in (Path(__file__).parent / "cases").glob("*.yaml") if p.stem != "matpower_14bus")


def read(file: Path) -> tuple[dict[str, Any], GridModel, list[Measurement]]:
    """A case, its grid and its measurements."""
    case: dict[str, Any] = yaml.safe_load(file.read_text())
    net = pp.create_empty_network(f_hz=50.0, sn_mva=case["base_mva"])
    ohm = case["kv"] ** 2 / case["base_mva"]
    for _ in range(case["buses"]):
        pp.create_bus(net, case["kv"])
    pp.create_ext_grid(net, 0)
    for one, other, r, x, *charging in case["lines"]:
        b, g = (*charging, 0.0, 0.0)[:2]
        farad_per_b = 1e9 / (2 * np.pi * 50.0 * ohm)
        values = {"r_ohm_per_km": r * ohm, "x_ohm_per_km": x * ohm, "c_nf_per_km": b * farad_per_b, "g_us_per_km": g * 1e6 / ohm}
        pp.create_line_from_parameters(net, one - 1, other - 1, 1.0, max_i_ka=1.0, **values)
    rows = [Measurement(Quantity[q], int(e) - 1, float(v), float(s)) for q, e, v, s in case["measurements"]]
    return case, model_from_net(net, file.stem), rows


def agrees(found: Estimate, expected: dict[str, Any]) -> None:
    """Everything that the source states, to the digits it prints."""
    for name, value in expected.items():
        if isinstance(value, list):
            at = found if hasattr(found, name) else found.solution
            assert getattr(at, name) == pytest.approx(np.array(value[0]), abs=value[1]), name
        else:
            assert getattr(found, name) == value, name


def test_there_are_published_examples() -> None:
    """A lost folder would pass silently."""
    assert len(FILES) >= 5
    assert all(yaml.safe_load(file.read_text())["source"] for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_the_published_result_is_found(file: Path) -> None:
    """State, degrees of freedom, flows and the verdict, as published."""
    case, model, rows = read(file)
    found = estimate(model, rows)
    agrees(found, case["expected"])
    if "bad" in case:
        assert found.suspects[0].normalised_residual > found.threshold
        assert np.nanmax(found.normalised_residuals) == pytest.approx(found.normalised_residuals[case["bad"]])
        agrees(estimate(model, rows[: case["bad"]] + rows[case["bad"] + 1 :]), case["after"])
