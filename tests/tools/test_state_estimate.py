"""The measurements themselves: what is wrong with them is named, what is refused is counted, what nobody could see is said."""

from collections.abc import Callable

import numpy as np
import pytest

from grid_models.steady.boundary import solve
from grid_models.telemetry.faults import DeadSource, Drift, Fault, Frozen, GrossError, LostRtu, SignFlip, TimeSkew, WrongStatus
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from tools.estimate_result import EstimateResult
from tools.registry import InvalidArguments
from tools.result import Result

LINE = "HV1 Line 12"


def estimated(result: Result) -> EstimateResult:
    assert isinstance(result, EstimateResult)
    return result


def test_sound_measurements_agree(live) -> None:
    """Nothing is found wrong, J stays below its limit, and what came is counted."""
    live.run(5)
    found = estimated(live.study("state_estimate"))
    assert found.source == "telemetry"
    assert found.accepted
    assert found.passes
    assert found.observable
    assert not found.bad
    assert not found.positions
    assert not found.refused
    counts = found.measurements
    assert counts.given == counts.let_in + counts.refused == len(live.plant.view.telemetry.measurements)
    assert counts.used + counts.positions <= counts.let_in
    assert found.headline().startswith("The ")


FAULTS: list[tuple[Fault, float, str]] = [
    (GrossError(quantity=Quantity.P_FROM, element=LINE, offset=50), 0.2, "gross error; removed"),
    (SignFlip(quantity=Quantity.P_FROM, element=LINE), 0.2, "likely sign error; removed"),
    (Drift(quantity=Quantity.P_FROM, element="HV1 Line 54", per_hour=60), 12, "likely drift"),
    (Frozen(quantity=Quantity.P_FROM, element="HV1 Line 54"), 90, "likely frozen"),
    (WrongStatus(quantity=Quantity.SWITCH_CLOSED, element="HV1 Switch 47"), 0.2, "reported open, but the measurements around it"),
    (LostRtu(station="HV1 Bus 11"), 3, "measurements at HV1 Bus 11 are"),
    (TimeSkew(station="HV1 Bus 11", seconds=300), 0.2, "ahead of the plant's clock"),
    (DeadSource(), 0.2, "have stopped"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "minutes", "said"), FAULTS, ids=[f[0].kind for f in FAULTS])
def test_every_fault_ends_in_its_sentence(live, fault: Fault, minutes: float, said: str) -> None:
    """What is wrong, in the words an operator acts on."""
    live.run(40)
    live.run(30, fault, seconds=2 * minutes)
    assert said in live.study("state_estimate").headline()


def test_a_bad_meter_is_removed_flagged_or_not_searched_for(live) -> None:
    """Only asked to remove is it left out; ignoring says that nothing fits, and names nobody."""
    live.run(3, SignFlip(quantity=Quantity.P_FROM, element=LINE))
    removed, flagged, ignored = (estimated(live.study("state_estimate", bad_data=b)) for b in ("remove", "flag", "ignore"))
    assert [(b.element, b.removed) for b in removed.bad] == [(LINE, True)]
    assert [(b.element, b.removed) for b in flagged.bad] == [(LINE, False)]
    assert not ignored.bad
    assert not ignored.accepted
    assert removed.passes
    assert not flagged.passes
    assert flagged.j == pytest.approx(ignored.j, rel=1e-3)
    (bad,) = removed.bad
    assert bad.measured == pytest.approx(-bad.estimated, abs=1.0)
    assert bad.meter == f"P at {LINE} (from side)"


def test_the_threshold_is_told_with_its_false_alarms(live) -> None:
    """By default one faultless set in a hundred has a removal; a lower bound is kept and costs false alarms."""
    usual, strict = estimated(live.study("state_estimate")), estimated(live.study("state_estimate", threshold=3.0, bad_data="flag"))
    assert usual.threshold
    assert usual.threshold > 4
    assert usual.expected_false_alarms
    assert usual.expected_false_alarms < 0.01
    assert strict.threshold == 3.0
    assert strict.expected_false_alarms == pytest.approx(0.0027 * (strict.dof or 0) * (strict.redundancy or 0) / 2.31, rel=0.6)


def test_older_than_asked_is_refused(live) -> None:
    """A lost station is let in for longer where the person allows it."""
    live.run(40, LostRtu(station="HV1 Bus 11"))
    strict, patient = estimated(live.study("state_estimate")), estimated(live.study("state_estimate", max_age_s=3600))
    assert strict.stale_stations == ("HV1 Bus 11",)
    assert strict.measurements.refused > patient.measurements.refused


def test_a_silent_source_is_no_sound_set(live) -> None:
    """The last set agrees with itself, and still cannot be relied on."""
    live.run(5)
    live.run(60, DeadSource())
    found = estimated(live.study("state_estimate"))
    assert found.doubts
    assert found.age_s == pytest.approx(240)


def test_without_a_plant_the_measurements_are_synthetic(default_grid: Grid, standing: Callable[..., Result]) -> None:
    """Said first; the same every time; and near the state they are drawn from."""
    found = estimated(standing(default_grid, "state_estimate", top=300))
    assert found.source == "synthetic"
    assert found.passes
    assert found.headline().startswith("Synthetic measurements")
    assert standing(default_grid, "state_estimate", top=300) == found
    truth = dict(zip(default_grid.model.buses.name, solve(default_grid.state_at()).vm_pu, strict=True))
    distance = np.array([(v.vm_pu - truth[v.element]) / v.sigma_pu for v in found.voltages])
    assert np.abs(distance).mean() < 2.0
    assert found.voltages_total == len(found.voltages)


@pytest.mark.parametrize(
    "name",
    ["case14", "case118", "training", "1-MV-rural--0-sw", *(pytest.param(f"case{n}pegase", marks=pytest.mark.slow) for n in (1354, 2869))],
)
def test_every_kind_of_grid_can_be_estimated(name: str, grid_cache, standing: Callable[..., Result]) -> None:
    """Small and large, with breakers and without, with profiles and without."""
    found = estimated(standing(load_grid(name, grid_cache), "state_estimate"))
    assert found.converged
    assert found.passes
    assert found.residuals_total == found.measurements.used + found.measurements.pseudo


def test_tables_are_bounded(default_grid: Grid, standing: Callable[..., Result]) -> None:
    """`top` rows, with the total beside them, the largest first."""
    found = estimated(standing(default_grid, "state_estimate", top=3))
    sizes = [r.normalised_residual for r in found.residuals]
    assert len(found.residuals) == len(found.voltages) == 3
    assert sizes == sorted(sizes, reverse=True)
    assert found.residuals_total > 100


@pytest.mark.parametrize("args", [{"bad_data": "burn"}, {"threshold": -1}, {"max_age_s": 0}, {"top": 0}])
def test_bad_arguments_are_one_sentence(default_grid: Grid, standing: Callable[..., Result], args: dict[str, object]) -> None:
    """Naming what the study takes."""
    with pytest.raises(InvalidArguments, match="It takes bad_data, threshold, max_age_s, top"):
        standing(default_grid, "state_estimate", **args)
