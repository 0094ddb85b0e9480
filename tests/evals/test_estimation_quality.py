"""The Monte-Carlo study of the estimator counts what it says: on case14 with few draws its shares lie where theory puts them."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import evals.studies.estimation_quality as study
from grid_models.twin.source import load_grid


@pytest.mark.slow
def test_shares_lie_where_theory_puts_them(monkeypatch: pytest.MonkeyPatch, grid_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Calibrated without errors; a large single error is mostly found, a small one mostly not; the strict threshold accuses rarely."""
    for name, value in (("GRIDS", ("case14",)), ("SIZES", (3, 20)), ("ERROR_RUNS", 60), ("GOOD_RUNS", 200)):
        monkeypatch.setattr(study, name, value)
    app = SimpleNamespace(grid=lambda name: load_grid(name, grid_cache))
    rows = {row.name: row.value for row in study.quality(app)}
    strict = next(n for n in rows if n.startswith("false alarm case14") and "3.00" not in n)
    found = {n.split(": ")[1].rsplit(",", 1)[0]: v for n, v in rows.items() if n.startswith("detection") and "3.00" not in n}
    assert rows["calibration case14: mean of J over degrees of freedom"] == pytest.approx(1.0, abs=0.05)
    assert rows["calibration case14: Kolmogorov-Smirnov p of J"] > 1e-3
    for what in ("magnitudes", "angles"):  # those of one set err together: 200 sets are few
        assert rows[f"calibration case14: {what} within their 95 % interval"] == pytest.approx(95.0, abs=5.0)
    assert rows[strict] < 4.0
    assert found["single, 20 sigma"] > 85.0
    assert found["single, 3 sigma"] < 25.0
    assert set(rows) == {line for line in capsys.readouterr().err.splitlines() if line}
