"""`frequency_response`: what an operator is told after a loss, what is assumed, and what cannot be asked."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grid_models.dynamics.largest_loss import largest_loss
from grid_models.errors import AeipError, UnknownElement
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from tools.frequency_result import FrequencyResult
from tools.result import Result

Study = Callable[..., FrequencyResult]
REFERENCE: dict[str, Any] = {"loss_mw": 1000, "inertia_gws": 40, "load_mw": 10_000, "frequency_hz": 50}
NAN, INF = float("nan"), float("inf")


@pytest.fixture
def frequency(default_grid: Grid, standing: Callable[..., Result]) -> Study:
    """The study on the default grid; another grid is the first argument."""

    def run(grid: Grid = default_grid, **args: object) -> FrequencyResult:
        result = standing(grid, "frequency_response", **args)
        assert isinstance(result, FrequencyResult)
        return result

    return run


@pytest.mark.parametrize(("loss", "nadir_hz"), [(1000, 49.458), (2000, 48.917), (3000, 48.375)])
def test_the_reference_set_is_what_is_taken_where_nothing_is_given(frequency: Study, loss: float, nadir_hz: float) -> None:
    """Anderson and Mirheydar's nadirs (worked-examples, sfr), 2.3688 s after the loss, on a grid of any size."""
    found = frequency(**{**REFERENCE, "loss_mw": loss, "shedding": "none"})
    assert found.nadir_hz == pytest.approx(nadir_hz, abs=6e-4)
    assert found.nadir_s == pytest.approx(2.36883, abs=1e-4)
    assert found.settles_hz == pytest.approx(50.0 * (1 - 0.05 * loss / 10_000), abs=1e-6)


def test_a_governor_may_be_given_by_symbol_or_name(frequency: Study) -> None:
    """Both mean the same."""
    named = frequency(**REFERENCE, governor={"droop": 0.04, "reheat_fraction": 0.2, "reheat_s": 10, "gain": 0.9})
    by_symbol = frequency(**REFERENCE, governor={"R": 0.04, "FH": 0.2, "TR": 10, "Km": 0.9})
    assert named.nadir_hz == by_symbol.nadir_hz < frequency(**REFERENCE).nadir_hz


def test_rate_of_an_irish_loss(frequency: Study) -> None:
    """450 MW of 19 GW·s: 0.592 Hz/s (published), whatever else is not known; the load that was assumed is told."""
    found = frequency(loss_mw=450, inertia_gws=19)
    assert found.rocof_hz_per_s == pytest.approx(0.592, abs=5e-4)
    assert found.rocof_500ms_hz_per_s < found.rocof_hz_per_s
    assert any("load_mw was not given" in told for told in found.assumed)


def test_everything_that_was_not_given_is_told(frequency: Study) -> None:
    """Nothing where all is given; the grid's own values only where they may belong to such a system."""
    full = {**REFERENCE, "damping_percent_per_hz": 2.0, "governor": {"reserve_mw": 900}, "shedding": "none"}
    assert frequency(**full).assumed == ()
    assert len(frequency(loss_mw=5, inertia_gws=0.4).assumed) == 5
    assert any("The load is the grid's now, 104.5 MW" in told for told in frequency(loss_mw=5, inertia_gws=0.4).assumed)


def test_a_machine_takes_its_inertia_with_it(frequency: Study, case39: Grid) -> None:
    """The machine at bus 38: 830 MW, 865 MW rated at 4 s are 3.46 GW·s less than the grid holds."""
    found = frequency(case39, element="Generator at Bus 38")
    whole = frequency(case39, loss_mw=830)
    assert found.losses[0].mw == pytest.approx(830.0)
    assert whole.inertia_gws - found.inertia_gws == pytest.approx(3.46, abs=0.01)
    assert found.nominal_hz == 60.0
    assert found.rocof_hz_per_s == pytest.approx(60.0 * 830.0 / (2000.0 * found.inertia_gws))
    assert any("system of its own" in told for told in found.assumed)


def test_an_infeed_stands_for_a_system_that_is_described_or_assumed(frequency: Study) -> None:
    """The default grid holds no inertia: its area's design case is taken, told and doubted; where none is documented, it is refused."""
    assumed = frequency(loss_mw=3000)
    assert any("design case" in told for told in assumed.assumed)
    assert any("from memory" in told for told in assumed.unverified)
    assert assumed.nadir_hz > 49.2  # what the area is designed for: the reference incident within 800 mHz, and 200 mHz in the end
    assert assumed.settles_hz == pytest.approx(49.8, abs=0.05)
    with pytest.raises(AeipError, match="inertia_gws and load_mw of that system would work"):
        frequency(loss_mw=10, frequency_hz=60)
    found = frequency(element="EHV Ext_grid 8", inertia_gws=20, load_mw=5000)
    assert found.losses[0].mw < 0.0
    assert found.zenith_hz > 50.1
    assert "an export of" in found.headline()
    assert "rises" in found.headline()


def test_losses_one_after_the_other(frequency: Study) -> None:
    """Two at once are one of the sum; a later one deepens the nadir; the rate at once is that of the first."""
    args = {**REFERENCE, "shedding": "none"}
    one = frequency(**args)
    split = frequency(**{**args, "loss_mw": 600, "losses": [{"at_s": 0, "mw": 400}]})
    later = frequency(**args, losses=[{"at_s": 30, "mw": 1000}])
    assert (split.nadir_hz, split.settles_hz) == pytest.approx((one.nadir_hz, one.settles_hz))
    assert split.rocof_hz_per_s == pytest.approx(one.rocof_hz_per_s) == pytest.approx(later.rocof_hz_per_s)
    assert later.nadir_hz < one.nadir_hz
    assert later.nadir_s > 30.0


def test_only_losses_may_be_given(frequency: Study) -> None:
    """Without loss_mw they are all there is."""
    found = frequency(losses=[{"at_s": 0, "mw": 1000}], **{k: v for k, v in REFERENCE.items() if k != "loss_mw"})
    assert found.nadir_hz == frequency(**REFERENCE).nadir_hz


def test_shedding_is_told_stage_by_stage(frequency: Study) -> None:
    """In the scheme's order, with moments, and the sum; what nobody verified is said."""
    found = frequency(**{**REFERENCE, "loss_mw": 4000}, reserve_mw=500, shedding="germany")
    gone = [row for row in found.shed_stages if row.at_s is not None]
    assert gone
    assert found.shed_stages[: len(gone)] == tuple(gone)
    assert found.shed_mw == pytest.approx(sum(row.mw for row in gone))
    assert any("delays" in told for told in found.unverified)
    assert f"{found.shed_mw:.1f} MW of load are shed in {len(gone)} stages" in found.headline()


def test_power_balances_after_settling(frequency: Study) -> None:
    """Response, damping and shed load make up for the loss, to 1 % of it."""
    found = frequency(**{**REFERENCE, "loss_mw": 4000}, reserve_mw=500)
    assert found.settled
    assert found.response_mw + found.damping_mw + found.shed_mw == pytest.approx(4000.0, rel=0.01)


def test_stages_of_ones_own(frequency: Study) -> None:
    """In per cent of the load or in MW."""
    stages = [{"below_hz": 49.2, "share_percent": 5}, {"below_hz": 48.9, "mw": 700, "delay_s": 0.3, "breaker_s": 0.1}]
    found = frequency(**{**REFERENCE, "loss_mw": 3000}, reserve_mw=500, shedding=stages)
    assert [row.mw for row in found.shed_stages] == [500.0, 700.0]
    assert found.shed_stages[1].delay_s == pytest.approx(0.4)
    assert found.scheme == "given"
    assert frequency(**{**REFERENCE, "loss_mw": 3000}, reserve_mw=500, shedding={"stages": stages}).nadir_hz == found.nadir_hz


def test_limits_of_the_area_with_their_clauses(frequency: Study) -> None:
    """1000 MW of 10,000 keep ±800 mHz and not ±200 mHz; Great Britain judges 1 Hz/s over 500 ms and 49.2 Hz."""
    kept = {row.limit: row for row in frequency(**REFERENCE).limits}
    assert kept["highest instantaneous deviation"].kept
    assert not kept["highest steady-state deviation"].kept
    assert all(row.clause for row in kept.values())
    british = {row.limit: row for row in frequency(**{**REFERENCE, "loss_mw": 1800}, area="Great Britain", shedding="none").limits}
    floor, rate = british["floor for an infrequent infeed loss"], british["loss-of-mains protection"]
    assert not floor.kept
    assert floor.beyond_s is not None
    assert floor.beyond_s > 1.0
    assert (rate.kept, rate.allowed) == (True, 1.0)


def test_smallest_inertia_is_verified(frequency: Study) -> None:
    """With it frequency stays above 49.2 Hz without shedding, with a thousandth less it does not."""
    args = {**REFERENCE, "reserve_mw": 900, "reserve_delay_s": 0.5, "shedding": "none"}
    least = frequency(**args, rocof_limit_hz_per_s=0.5)
    assert least.smallest_inertia_gws is not None
    reached = [frequency(**{**args, "inertia_gws": least.smallest_inertia_gws * share}).nadir_hz for share in (1.0, 0.999)]
    assert reached[0] >= 49.2 > reached[1]
    assert least.smallest_inertia_for_rocof_gws is not None
    assert f"{least.smallest_inertia_gws:.3g} GW·s is the smallest inertia that keeps 49.2 Hz" in least.headline()


def test_converters_help(frequency: Study) -> None:
    """Fast response, synthetic inertia and grid-forming converters each lift the nadir."""
    args = {**REFERENCE, "reserve_mw": 900, "reserve_delay_s": 0.5, "shedding": "none"}
    plain = frequency(**args).nadir_hz
    assert frequency(**args, fast_response={"mw": 300, "delay_s": 0.1}).nadir_hz > plain + 0.05
    assert frequency(**args, synthetic_inertia={"inertia_gws": 20}).nadir_hz > plain + 0.05
    forming = frequency(**args, grid_forming_gws=20)
    assert (forming.nadir_hz > plain + 0.05, forming.inertia_gws) == (True, 60.0)


def test_units_give_back_after_too_much_was_shed(frequency: Study) -> None:
    """The reserve limits what they add, not what they take back: shedding too much ends near nominal frequency."""
    found = frequency(**{**REFERENCE, "loss_mw": 3000}, reserve_mw=500)
    assert found.shed_mw > 3000.0
    assert found.settles_hz is not None
    assert 50.0 < found.settles_hz < 50.5


def test_lost_load_is_judged_above_nominal(frequency: Study) -> None:
    """The smallest inertia is sought for 50.8 Hz, and a run with it stays below that."""
    args = {"lost_load_mw": 2500, "inertia_gws": 60, "load_mw": 10_000, "reserve_delay_s": 0.5}
    found = frequency(**args)
    assert found.limit_hz == pytest.approx(50.8)
    assert found.smallest_inertia_gws is not None
    reached = [frequency(**{**args, "inertia_gws": found.smallest_inertia_gws * share}).zenith_hz for share in (1.0, 0.999)]
    assert reached[0] <= 50.8 < reached[1]
    assert found.headline().startswith("Losing load of 2500.0 MW: frequency rises")


def test_several_groups_of_units(frequency: Study) -> None:
    """Two halves on half the base are the whole; a group without reserve gives nothing."""
    half = {"droop": 0.05, "base_mw": 5000}
    assert frequency(**REFERENCE, governor=[half, half]).nadir_hz == pytest.approx(frequency(**REFERENCE).nadir_hz, abs=1e-9)
    assert frequency(**REFERENCE, governor=[half, {**half, "reserve_mw": 0}]).nadir_hz < frequency(**REFERENCE).nadir_hz


def test_inertia_by_type_of_unit(frequency: Study) -> None:
    """8000 MVA of gas turbines in combined cycle at 5 s: 40 GW·s, marked as unverified."""
    args = {k: v for k, v in REFERENCE.items() if k != "inertia_gws"}
    found = frequency(**args, running_mva={"ccgt": 8000, "ibr": 3000})
    assert found.inertia_gws == pytest.approx(40.0)
    assert any("inertia constants" in told for told in found.unverified)


def test_the_series_is_short_and_holds_the_extremes(frequency: Study) -> None:
    """At most some hundred rows in order of time, the nadir and each shedding among them."""
    found = frequency(**{**REFERENCE, "loss_mw": 4000}, reserve_mw=500)
    times = np.array([row.time_s for row in found.series])
    assert len(times) < 900
    assert np.all(np.diff(times) >= 0.0)
    assert min(row.frequency_hz for row in found.series) == pytest.approx(found.nadir_hz, abs=1e-4)
    for stage in found.shed_stages:
        assert stage.at_s is None or np.abs(times - stage.at_s).min() < 1e-6


def test_a_collapse_is_a_finding(frequency: Study) -> None:
    """No reserve, no damping, no shedding: said in one sentence, with no place where it settles."""
    found = frequency(**REFERENCE, reserve_mw=0, damping_percent_per_hz=0, shedding="none")
    assert (found.collapsed, found.settles_hz) == (True, None)
    assert "collapses" in found.headline()


def test_an_answer_comes_within_a_second(frequency: Study) -> None:
    """Its loops compiled; the smallest inertia included."""
    frequency(**REFERENCE)
    began = time.perf_counter()
    frequency(**REFERENCE, reserve_mw=900, fast_response={"mw": 100, "delay_s": 0.1})
    assert time.perf_counter() - began < 2.0


def asked(**other: object) -> dict[str, Any]:
    return {**REFERENCE, **other}


REFUSED = [
    ({}, "loss_mw (in MW) or element"),
    (asked(loss_mw=0), "greater than 0"),
    (asked(loss_mw=-100), "greater than 0"),
    (asked(loss_mw=NAN), "loss_mw=nan"),
    (asked(loss_mw=INF), "less than or equal to 1000000"),
    (asked(inertia_gws=0), "greater than 0"),
    (asked(inertia_gws=NAN), "inertia_gws=nan"),
    (asked(inertia_gws=210_000), "less than or equal to 10000"),
    (asked(load_mw=0), "greater than 0"),
    (asked(load_mw=INF), "less than or equal to 10000000"),
    (asked(frequency_hz=0), "greater than or equal to 10"),
    (asked(damping_percent_per_hz=-1), "greater than or equal to 0"),
    (asked(damping_percent_per_hz=NAN), "damping_percent_per_hz=nan"),
    (asked(governor={"droop": 0}), "greater than 0"),
    (asked(governor={"droop": 5}), "less than or equal to 1"),
    (asked(governor={"reheat_s": 0}), "greater than or equal to 0.02"),
    (asked(governor={"drop": 0.05}), "Extra inputs are not permitted"),
    (asked(governor=[]), "at least 1 item"),
    (asked(governor=[{}, {}], reserve_mw=1), "reserve_mw and delay_s in each would work"),
    (asked(governor={"reserve_mw": 1}, reserve_mw=1), "given twice"),
    (asked(fast_response={"mw": 5, "delay_s": 0.001}), "0.005 s and more would work"),
    (asked(losses=[{"at_s": -1, "mw": 5}]), "greater than or equal to 0"),
    (asked(losses=[{"at_s": 1, "mw": -5}]), "greater than 0"),
    (asked(losses=[{"at_s": 700, "mw": 5}]), "lies beyond the horizon of 600 s"),
    (asked(losses=[{"at_s": 50, "mw": 5}], horizon_s=20), "lies beyond the horizon of 20 s"),
    (asked(horizon_s=0), "greater than 0"),
    (asked(horizon_s=1e9), "less than or equal to 600"),
    (asked(horizon_s=NAN), "horizon_s=nan"),
    (asked(shedding="atlantis"), "There is no shedding scheme 'atlantis'; germany"),
    (asked(shedding="sixty hertz"), "is for 60 Hz and the system has 50 Hz"),
    (asked(shedding=[{"below_hz": 48.8, "mw": 5}, {"below_hz": 49, "mw": 5}]), "48.8, 49 Hz are out of order"),
    (asked(shedding=[{"below_hz": 50.5, "mw": 5}]), "stages below 50 Hz would work"),
    (asked(shedding=[{"below_hz": 49, "share_percent": 60}, {"below_hz": 48, "share_percent": 60}]), "no more than the load"),
    (asked(shedding=[{"below_hz": 49}]), "one of share_percent (of the load) and mw"),
    (asked(shedding=[{"below_hz": NAN, "mw": 5}]), "below_hz=nan"),
    (asked(area="atlantis"), "There is no synchronous area 'atlantis'; continental europe"),
    (asked(area="north america"), "has 60 Hz and the system 50 Hz"),
    (asked(limit_hz=10), "one within 20 % of it would work"),
    (asked(limit_hz=50), "another one within 20 %"),
    (asked(limit_hz=NAN), "limit_hz=nan"),
    (asked(element="EHV Ext_grid 8"), "Several of loss_mw, element and lost_load_mw"),
    (asked(running_mva={"ccgt": 1}), "Both inertia_gws and running_mva"),
    ({"loss_mw": 10, "running_mva": {"ccgt": -1}}, "ratings of 0 MVA or more"),
    ({"loss_mw": 10, "running_mva": {"ibr": 100}}, "hold no inertia together"),
    ({"loss_mw": 10, "running_mva": {"fusion": 100}}, "'ccgt'"),
    ({"loss_mw": 10, "frequency_hz": 60}, "inertia_gws and load_mw of that system would work"),
    ({"lost_load_mw": 20_000, "inertia_gws": 40, "load_mw": 10_000}, "no more than there is would work"),
    ({"element": "HV1 Load 1", "inertia_gws": 1}, "'HV1 Load 1' is a load, whose loss lifts frequency; lost_load_mw"),
    ({"element": "HV1 Line 14", "inertia_gws": 1}, "'HV1 Line 14' is a line; the loss of a generator or an infeed"),
    ({"element": "EHV Ext_grid 88", "inertia_gws": 1}, "There is no element 'EHV Ext_grid 88'"),
    (asked(inertia=5), "It takes loss_mw, element"),
]


@pytest.mark.parametrize(("args", "says"), REFUSED)
def test_one_clear_sentence(frequency: Study, args: dict[str, Any], says: str) -> None:
    """What was asked, what was found, what would work: in one line that ends as a sentence does, and is no page long."""
    with pytest.raises(AeipError) as refused:
        frequency(**args)
    told = str(refused.value)
    assert says in told
    assert told.endswith(".")
    assert "\n" not in told
    assert len(told) < 600


def test_an_unknown_element_is_refused_with_the_nearest(frequency: Study) -> None:
    """Never replaced by one."""
    with pytest.raises(UnknownElement) as refused:
        frequency(element="HV1 Sgen 999", inertia_gws=1)
    assert refused.value.nearest


def test_a_given_load_is_a_system_of_its_own(frequency: Study) -> None:
    """30 GW without an inertia are not the 750 GW·s of a continent: 4 s of the load, told."""
    found = frequency(loss_mw=1800, load_mw=30_000)
    assert (found.load_mw, found.inertia_gws) == (30_000.0, 120.0)
    assert not any("design case" in told for told in found.assumed)
    assert any("120 GW·s are taken" in told for told in found.assumed)


def test_a_system_of_converters_lives_by_those_that_form_it(frequency: Study) -> None:
    """Wind, solar and batteries turn nothing; 2 GW·s of grid-forming ones do. Without them it is refused, and told what would work."""
    args = {"loss_mw": 100, "load_mw": 1000, "running_mva": {"wind": 500, "solar": 300, "battery": 100, "ibr": 50}}
    assert frequency(**args, grid_forming_gws=2).rocof_hz_per_s == pytest.approx(50 * 100 / (2 * 2000))
    with pytest.raises(AeipError, match="grid_forming_gws would work"):
        frequency(**args)


def test_the_largest_loss_that_a_gate_judges_is_that_of_the_study(frequency: Study, case39: Grid) -> None:
    """The same system, the same loss, the same course: a card and an answer name the same frequency."""
    loss = largest_loss(solve(case39.state_at()))
    assert loss
    found = frequency(case39, element=loss.element)
    assert loss.nadir_hz == pytest.approx(found.nadir_hz, abs=1e-9)
    assert loss.shed_mw == pytest.approx(found.shed_mw, abs=1e-6)
    assert loss.rocof_hz_per_s(0.5) == pytest.approx(found.rocof_500ms_hz_per_s, abs=1e-9)
