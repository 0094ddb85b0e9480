"""Under-frequency load shedding: in order, in time, and no more than frequency asked for."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.dynamics.inertia import UnitType, inertia_gws
from grid_models.dynamics.measures import nadir, rocof_over, settling_hz
from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.response import Governor, synthetic_inertia
from grid_models.dynamics.schemes import area_names, area_of, scheme_of
from grid_models.dynamics.smallest_inertia import inertia_for_frequency, inertia_for_rocof
from grid_models.dynamics.system import FrequencySystem, Loss, ShedStage
from grid_models.dynamics.trajectory import trajectory_of

LOAD = 10_000.0
GOVERNED = (Governor().group(LOAD, 50.0, reserve_mw=500.0),)


def system(*stages: ShedStage, inertia: float = 30.0) -> FrequencySystem:
    return FrequencySystem(50.0, inertia, LOAD, 1.0, GOVERNED, stages)


@pytest.mark.parametrize("lost", [700.0, 1500.0, 3000.0, 4500.0, 6000.0])
def test_stages_go_in_order_and_only_when_frequency_was_there(lost: float) -> None:
    """A stage that went had its frequency; one that did not was never below it for as long as its delay; none goes before the one above."""
    course = trajectory_of(system(*scheme_of("germany").on(LOAD)), [Loss(0.0, lost)])
    gone = ~np.isnan(course.shed_s)
    assert list(gone) == sorted(gone, reverse=True)
    assert np.all(np.diff(course.shed_s[gone]) > 0.0)
    for stage, at in zip(course.system.stages, course.shed_s, strict=True):
        if not np.isnan(at):
            assert np.interp(at - stage.breaker_s, course.time_s, course.frequency_hz) <= stage.below_hz + 1e-6
    assert course.shed_mw[-1] == pytest.approx(1250.0 * gone.sum())


def test_the_last_stage_was_needed() -> None:
    """Without the last stage that went, frequency would have gone lower: no stage is shed for nothing."""
    stages = scheme_of("germany").on(LOAD)
    course = trajectory_of(system(*stages), [Loss(0.0, 3000.0)])
    went = int((~np.isnan(course.shed_s)).sum())
    assert 0 < went < len(stages)
    without = trajectory_of(system(*stages[: went - 1]), [Loss(0.0, 3000.0)])
    assert nadir(without).frequency_hz < nadir(course).frequency_hz


def test_a_load_goes_after_relay_and_breaker() -> None:
    """0.2 s below 49 Hz and 0.1 s for the breaker, to the microsecond."""
    course = trajectory_of(system(ShedStage(49.0, 1000.0, 0.2, 0.1)), [Loss(0.0, 2000.0)])
    assert course.shed_s[0] - course.crossed_s[0] == pytest.approx(0.3, abs=1e-6)
    assert np.interp(course.crossed_s[0], course.time_s, course.frequency_hz) == pytest.approx(49.0, abs=1e-6)


def test_a_relay_that_saw_frequency_return_does_not_trip() -> None:
    """A dip below 49 Hz that is shorter than the delay sheds nothing; one that is longer does."""
    strong = FrequencySystem(50.0, 30.0, LOAD, 1.0, (Governor().group(LOAD, 50.0),))
    bottom = nadir(trajectory_of(strong, [Loss(0.0, 1000.0)])).frequency_hz
    patient, hasty = (replace(strong, stages=(ShedStage(bottom + 0.01, 500.0, delay),)) for delay in (3.0, 0.2))
    assert trajectory_of(patient, [Loss(0.0, 1000.0)]).shed_mw[-1] == 0.0
    assert trajectory_of(hasty, [Loss(0.0, 1000.0)]).shed_mw[-1] == 500.0


def test_shedding_settles_balanced() -> None:
    """What is generated and answered is the load that is left, with its damping."""
    course = trajectory_of(system(*scheme_of("germany").on(LOAD)), [Loss(0.0, 3000.0)], 120.0)
    generation = LOAD - 3000.0 + course.response_mw[-1]
    left = (LOAD - course.shed_mw[-1]) * (1.0 + 0.01 * course.deviation_hz[-1])
    assert generation == pytest.approx(left, rel=1e-4)
    assert course.frequency_hz[-1] == pytest.approx(settling_hz(course), abs=1e-3)


def test_every_scheme_and_area_says_where_it_is_from() -> None:
    """Stages below nominal and in order, no more than the load, a source each; what is quoted from memory says so."""
    for name in area_names():
        area = area_of(name)
        scheme = scheme_of(area.default_scheme)
        assert scheme.source
        assert scheme.unverified
        assert FrequencySystem(area.frequency_hz, 10.0, 1000.0, stages=scheme.on(1000.0)).stages
        assert all(limit.clause for limit in area.limits)
    assert area_names(50.0)[0] == "continental europe"
    with pytest.raises(NotCalculable, match="germany"):
        scheme_of("atlantis")


def test_smallest_inertia_for_a_frequency() -> None:
    """A run with it keeps the limit; one with a thousandth less does not."""
    found = inertia_for_frequency(system(), [Loss(0.0, 520.0)], 49.6)
    assert found.inertia_gws is not None
    reached = [nadir(trajectory_of(system(inertia=found.inertia_gws * share), [Loss(0.0, 520.0)])).frequency_hz for share in (1.0, 0.999)]
    assert reached[0] >= 49.6 > reached[1]
    assert found.reached == pytest.approx(reached[0], abs=1e-9)


def test_smallest_inertia_for_a_rate() -> None:
    """At once it would be f0·ΔP/(2·limit); over 500 ms less is enough, since governors answer meanwhile."""
    found = inertia_for_rocof(system(), [Loss(0.0, 500.0)], 0.5)
    assert found.inertia_gws is not None
    assert 0.6 * 25.0 < found.inertia_gws < 25.0
    course = trajectory_of(system(inertia=found.inertia_gws), [Loss(0.0, 500.0)])
    assert rocof_over(course, 0.5) == pytest.approx(0.5, rel=1e-3)


def test_no_inertia_helps_where_frequency_settles_too_low() -> None:
    """And the answer says so."""
    found = inertia_for_frequency(system(), [Loss(0.0, 3000.0)], 49.2)
    assert found.inertia_gws is None
    assert "settles" in found.why


def test_synthetic_inertia_needs_less_of_the_real() -> None:
    """For the same limit."""
    helped = replace(system(), groups=(*GOVERNED, synthetic_inertia(20.0, 50.0, lag_s=0.1)))
    plain, less = (inertia_for_frequency(s, [Loss(0.0, 520.0)], 49.6).inertia_gws for s in (system(), helped))
    assert plain is not None
    assert less is not None
    assert less < plain - 5.0


def test_inertia_by_type_of_unit() -> None:
    """2000 MVA of gas at 5 s, 1000 MVA of nuclear at 4.5 s, converters with none: 14.5 GW·s; a negative rating is refused."""
    assert inertia_gws({UnitType.CCGT: 2000.0, UnitType.NUCLEAR: 1000.0, UnitType.CONVERTER: 5000.0}) == pytest.approx(14.5)
    with pytest.raises(NotCalculable, match="coal -1 MVA"):
        inertia_gws({UnitType.COAL: -1.0})


def test_a_small_loss_needs_hardly_any_inertia() -> None:
    """10 MW of 10,000: said so, with how far that was looked at, and not after minutes of tiny steps."""
    found = inertia_for_frequency(system(), [Loss(0.0, 10.0)], 49.2)
    assert found.inertia_gws is None
    assert found.why == "any inertia of 1 GW·s or more keeps 49.2 Hz."
