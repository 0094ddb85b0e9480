"""The IEC 60076-7 model against the published example, an independent integration and what physics promises."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from transformer_thermal_model.transformer import PowerTransformer

from grid_models.heating.ageing import Paper
from grid_models.heating.iec import hot_spot, settled
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, ThermalStart
from grid_models.twin.model import FloatArray

_EXAMPLE = json.loads((Path(__file__).parent / "data" / "iec_step.json").read_text(encoding="utf-8"))
_CLASSES = [iec_parameters("ONAN", "distribution"), *(iec_parameters(cooling, "large") for cooling in Cooling)]
_NAMES = ["distribution", *Cooling]

classes = st.sampled_from(_CLASSES)
loads = st.lists(st.floats(0.3, 1.5), min_size=2, max_size=30)
ambients = st.floats(-20.0, 40.0)
steps = st.sampled_from([1.0, 5.0, 15.0, 60.0])


def example(step_min: float) -> tuple[ThermalSeries, list[int]]:
    """The published example in held steps, and the index of the last step of each of its rows."""
    until = [row["until_min"] for row in _EXAMPLE["rows"]]
    counts = np.diff([0, *until]) / step_min
    load = np.repeat([row["load_pu"] for row in _EXAMPLE["rows"]], counts.astype(int))
    start = ThermalStart(_EXAMPLE["initial_top_oil_celsius"])
    series = hot_spot(load, _EXAMPLE["ambient_celsius"], step_min, IecParameters(**_EXAMPLE["parameters"]), start)
    return series, [round(minute / step_min) - 1 for minute in until]


@pytest.mark.parametrize("step_min", [1.0, 2.5, 5.0])
def test_published_step_example(step_min: float) -> None:
    """Each row of the standard's example comes out within 1.5 K of the print and 0.1 K of the exact solution, at every step."""
    series, ends = example(step_min)
    for row, i in zip(_EXAMPLE["rows"], ends, strict=True):
        for kind, tolerance in (("published", 1.5), ("exact", 0.1)):
            assert series.top_oil_celsius[i] == pytest.approx(row[f"{kind}_top_oil_celsius"], abs=tolerance)
            assert series.hot_spot_celsius[i] == pytest.approx(row[f"{kind}_hot_spot_celsius"], abs=tolerance)


@pytest.mark.parametrize("step_min", [1.0, 2.5, 5.0])
def test_ageing_of_the_step_example(step_min: float) -> None:
    """The life that the example costs is within 1 % of the one summed with short steps, at every step."""
    series, ends = example(step_min)
    assert series.loss_of_life_min[ends] == pytest.approx([row["non_upgraded_ageing_min"] for row in _EXAMPLE["rows"]], rel=0.01)


def integrated(
    load: FloatArray, ambient: FloatArray, step_min: float, p: IecParameters, start: ThermalStart
) -> tuple[FloatArray, FloatArray]:
    """The standard's three differential equations, integrated numerically step by step."""
    state = np.array([start.top_oil_celsius, p.k21 * start.hot_spot_gradient_k, (p.k21 - 1.0) * start.hot_spot_gradient_k])
    oil, hot = [], []
    for k, around in zip(load / p.rated_share, ambient + p.indoor_rise_k, strict=True):
        gradient = p.hot_spot_gradient_k * k**p.winding_exponent
        rise = p.top_oil_rise_k * ((1.0 + p.loss_ratio * k**2) / (1.0 + p.loss_ratio)) ** p.oil_exponent
        goal = np.array([around + rise, p.k21 * gradient, (p.k21 - 1.0) * gradient])
        rate = 1.0 / np.array([p.k11 * p.oil_time_constant_min, p.k22 * p.winding_time_constant_min, p.oil_time_constant_min / p.k22])
        state = solve_ivp(lambda _, s, g=goal, r=rate: (g - s) * r, (0.0, step_min), state, rtol=1e-9, atol=1e-9).y[:, -1]
        oil.append(state[0])
        hot.append(state[0] + state[1] - state[2])
    return np.array(oil), np.array(hot)


@pytest.mark.parametrize("params", _CLASSES, ids=_NAMES)
@pytest.mark.parametrize("step_min", [1.2345, 15.0])  # the library alone would cut the first to whole seconds
def test_agrees_with_a_numerical_integration(params: IecParameters, step_min: float) -> None:
    """For random loads and ambients every class follows the differential equations within 0.02 K, from a start with a gradient."""
    random = np.random.default_rng(7)
    load, ambient, start = random.uniform(0.0, 1.6, 40), random.uniform(-10.0, 35.0, 40), ThermalStart(48.0, 21.0)
    oil, hot = integrated(load, ambient, step_min, params, start)
    found = hot_spot(load, ambient, step_min, params, start)
    assert found.top_oil_celsius == pytest.approx(oil, abs=0.02)
    assert found.hot_spot_celsius == pytest.approx(hot, abs=0.02)


@given(classes, loads, st.data(), ambients, steps)
@settings(max_examples=60, deadline=None)
def test_more_load_is_never_cooler(params: IecParameters, load: list[float], data: st.DataObject, ambient: float, step_min: float) -> None:
    """A load that is nowhere smaller gives temperatures and a loss of life that are nowhere smaller, from about a third of the rating on.

    Below that the standard's equations themselves are not monotone: their slow part of the gradient falls more than the oil rises.
    """
    added = data.draw(st.lists(st.floats(0.0, 0.5), min_size=len(load), max_size=len(load)))
    start = ThermalStart(40.0, 10.0)
    less, more = (hot_spot(each, ambient, step_min, params, start) for each in (load, np.add(load, added)))
    assert (more.top_oil_celsius >= less.top_oil_celsius - 1e-9).all()
    assert (more.hot_spot_celsius >= less.hot_spot_celsius - 1e-9).all()
    assert (more.loss_of_life_min >= less.loss_of_life_min * (1.0 - 1e-9)).all()


@given(classes, loads, ambients, st.floats(0.0, 20.0), steps)
@settings(max_examples=60, deadline=None)
def test_warmer_air_is_never_cooler(params: IecParameters, load: list[float], ambient: float, warmer_k: float, step_min: float) -> None:
    """Warmer air warms both temperatures, by no more than itself."""
    less, more = (hot_spot(load, each, step_min, params, ThermalStart(40.0)) for each in (ambient, ambient + warmer_k))
    for name in ("top_oil_celsius", "hot_spot_celsius"):
        change = getattr(more, name) - getattr(less, name)
        assert (change >= -1e-9).all()
        assert (change <= warmer_k + 1e-9).all()


@given(classes, loads, ambients, st.integers(2, 6), st.sampled_from([15.0, 30.0, 60.0]))
@settings(max_examples=60, deadline=None)
def test_independent_of_the_step(params: IecParameters, load: list[float], ambient: float, parts: int, step_min: float) -> None:
    """The same load written in shorter steps gives the same temperatures within 0.1 K and the same loss of life within 1 %."""
    whole, fine = hot_spot(load, ambient, step_min, params), hot_spot(np.repeat(load, parts), ambient, step_min / parts, params)
    assert fine.top_oil_celsius[parts - 1 :: parts] == pytest.approx(whole.top_oil_celsius, abs=0.1)
    assert fine.hot_spot_celsius[parts - 1 :: parts] == pytest.approx(whole.hot_spot_celsius, abs=0.1)
    assert fine.loss_of_life_min[parts - 1 :: parts] == pytest.approx(whole.loss_of_life_min, rel=0.01)


@given(classes, st.floats(0.0, 2.0), ambients, st.floats(0.4, 1.0), st.floats(0.0, 15.0))
@settings(max_examples=40, deadline=None)
def test_settles_where_losses_and_cooling_balance(
    params: IecParameters, load: float, ambient: float, rated_share: float, indoor_rise_k: float
) -> None:
    """After three days of constant load from cold, oil and hot-spot stand where the standard's steady formulas put them."""
    params = replace(params, rated_share=rated_share, indoor_rise_k=indoor_rise_k)
    share = load / rated_share
    rise = params.top_oil_rise_k * ((1.0 + params.loss_ratio * share**2) / (1.0 + params.loss_ratio)) ** params.oil_exponent
    last = hot_spot([load] * 72, ambient, 60.0, params, ThermalStart(ambient))
    assert last.top_oil_celsius[-1] == pytest.approx(ambient + indoor_rise_k + rise, abs=0.01)
    gradient = last.hot_spot_celsius[-1] - last.top_oil_celsius[-1]
    assert gradient == pytest.approx(params.hot_spot_gradient_k * share**params.winding_exponent, abs=0.01)


def test_starts_settled_on_the_first_values() -> None:
    """Without a start given, a constant load changes nothing from the first step on, and a rated day costs a day of life."""
    params = iec_parameters("ONAF")
    found = hot_spot([1.0] * 96, 20.0, 15.0, params)
    assert np.ptp(found.hot_spot_celsius) < 1e-9
    assert found.hot_spot_celsius[0] == pytest.approx(20.0 + 52.0 + 26.0)
    start = settled(1.0, 20.0, params)
    assert (start.top_oil_celsius, start.hot_spot_gradient_k) == pytest.approx((72.0, 26.0))
    assert found.loss_of_life_min[-1] == pytest.approx(1440.0)


def test_hot_spot_overshoots_a_step_of_load() -> None:
    """After a jump of load the hot-spot of a medium transformer rises above where it settles; a distribution transformer's does not."""
    jump = [0.3] + [1.2] * 60
    medium, small = (hot_spot(jump, 20.0, 15.0, p) for p in (iec_parameters("ONAN"), iec_parameters("ONAN", Size.DISTRIBUTION)))
    assert (medium.hot_spot_celsius - medium.top_oil_celsius).max() > medium.hot_spot_celsius[-1] - medium.top_oil_celsius[-1] + 3.0
    assert (small.hot_spot_celsius - small.top_oil_celsius).max() == pytest.approx(23.0 * 1.2**1.6, abs=0.01)


def test_upgraded_paper_lives_longer() -> None:
    """At 98 °C thermally upgraded paper ages at the rate that its Arrhenius law gives, well below kraft's 1."""
    found = hot_spot([1.0] * 24, 20.0, 60.0, iec_parameters("ONAF", paper=Paper.UPGRADED))
    assert found.loss_of_life_min[-1] / 1440.0 == pytest.approx(np.exp(15_000 / 383 - 15_000 / 371), rel=1e-6)


def test_nothing_given_is_changed() -> None:
    """Arrays, the library's defaults and a second call are as if the first had not been, and its results are the caller's own."""
    load, ambient, params = np.linspace(0.2, 1.4, 50), np.linspace(5.0, 30.0, 50), iec_parameters("OF")
    before = load.copy(), ambient.copy(), PowerTransformer._onaf_defaults.model_dump(), PowerTransformer._onan_defaults.model_dump()
    first = hot_spot(load, ambient, 15.0, params)
    assert (load == before[0]).all()
    assert (ambient == before[1]).all()
    assert (PowerTransformer._onaf_defaults.model_dump(), PowerTransformer._onan_defaults.model_dump()) == before[2:]
    kept = first.hot_spot_celsius.copy()
    first.top_oil_celsius[:] = 0.0
    assert (hot_spot(load, ambient, 15.0, params).hot_spot_celsius == kept).all()
    assert (first.hot_spot_celsius == kept).all()


def test_the_log_stays_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """A calculation leaves no line in an operator's log, even where that shows information."""
    with caplog.at_level(logging.INFO):
        hot_spot([1.0] * 3, 20.0, 15.0, iec_parameters("ONAN"))
    assert not caplog.records


@pytest.mark.parametrize(
    ("load", "ambient", "step_min", "said"),
    [
        ([0.9, 130.0], 20.0, 15.0, "130 at row 1; up to 4 pu works; divide per cent by 100"),
        ([0.9, 1.0], 293.15, 15.0, "293.15 at row 0.*give degrees Celsius"),
        ([0.9, np.nan], 20.0, 15.0, "nan at row 1; every value must be a number; fill the gaps first"),
        ([0.9, None], 20.0, 15.0, "nan at row 1"),
        ([0.9, 1.0], [20.0, np.nan], 15.0, "ambient temperature .* nan at row 1"),
        ([0.9, -0.4], 20.0, 15.0, "-0.4 at row 1; a thermal load has no sign"),
        ([0.9, 1.0, 1.1], [20.0, 21.0], 15.0, r"shape \(3,\) and an ambient temperature of shape \(2,\)"),
        ([0.9, "high"], 20.0, 15.0, "must be numbers"),
        ([], 20.0, 15.0, "two series of the same length"),
        ([0.9, 1.0], 20.0, 0.0, "A step of 0"),
        ([0.9, 1.0], 20.0, 900.0, "A step of 900"),
    ],
)
def test_what_cannot_be_right_is_refused(load: list[float], ambient: float, step_min: float, said: str) -> None:
    """Per cent, kelvin, gaps, signs, lengths and seconds are refused with the row and what would work, never calculated."""
    with pytest.raises(InvalidThermalInput, match=said):
        hot_spot(load, ambient, step_min, iec_parameters("ONAN"))


@pytest.mark.parametrize(("top_oil", "gradient"), [(331.0, 0.0), (float("nan"), 0.0), (60.0, -5.0), (60.0, float("nan"))])
def test_a_start_that_cannot_be_is_refused(top_oil: float, gradient: float) -> None:
    """A start in kelvin, without a number, or with a hot-spot below the oil is refused."""
    with pytest.raises(InvalidThermalInput, match="works"):
        ThermalStart(top_oil, gradient)


def test_restricted_flow_is_marked_unverified() -> None:
    """Restricted oil flow heats faster after a jump and says that its constant was not read in the standard; others doubt nothing."""
    restricted, free = iec_parameters("ONAF", restricted_flow=True), iec_parameters("ONAF")
    assert "k21" in restricted.unverified
    assert not any(params.unverified for params in _CLASSES)
    after_half_an_hour = [hot_spot([0.5] + [1.2] * 2, 20.0, 15.0, each).hot_spot_celsius[-1] for each in (restricted, free)]
    assert after_half_an_hour[0] > after_half_an_hour[1] + 3.0


@pytest.mark.parametrize(("cooling", "size"), [("ONXX", "medium"), ("OFAF", "distribution"), ("ONAN", "huge")])
def test_a_wrong_class_is_named_with_those_that_work(cooling: str, size: str) -> None:
    """An unknown cooling class or size is refused in one sentence that names the known ones."""
    with pytest.raises(InvalidThermalInput, match=r"(There is no|There are no) .*(work|would work)\.$"):
        iec_parameters(cooling, size)
