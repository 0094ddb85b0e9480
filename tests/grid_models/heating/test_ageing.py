"""Ageing rates against published figures, and what a series uses up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.heating.ageing import Paper, consumed_min, relative_ageing
from grid_models.heating.ieee_ageing import ageing_acceleration, equivalent_ageing, loss_of_life_percent, per_unit_life
from grid_models.heating.series import InvalidThermalInput

PUBLISHED = {Paper.NON_UPGRADED: 1.259921, Paper.UPGRADED: 0.349942}  # days used up in one day at 100 °C: IEC 60076-7 rules
temperatures = st.lists(st.floats(-20.0, 180.0), min_size=2, max_size=6)


@pytest.mark.parametrize("paper", Paper)
def test_one_day_at_100_degrees_costs_the_published_days(paper: Paper) -> None:
    """The rate and the cumulative minutes both give the published figure."""
    assert float(relative_ageing(100.0, paper)) == pytest.approx(PUBLISHED[paper], rel=1e-5)
    assert consumed_min(100.0, np.full(96, 100.0), 15.0, paper)[-1] / 1440.0 == pytest.approx(PUBLISHED[paper], rel=1e-5)


@pytest.mark.parametrize("paper", Paper)
def test_a_paper_given_by_its_name_ages_like_it(paper: Paper) -> None:
    """A caller who writes the name gets its law, and one who writes another word no number."""
    assert float(relative_ageing(100.0, paper.value)) == pytest.approx(PUBLISHED[paper], rel=1e-5)
    with pytest.raises(InvalidThermalInput, match="There is no paper 'kraft'"):
        relative_ageing(100.0, "kraft")


@pytest.mark.parametrize(("factors", "steps"), [([1.0, np.nan], 60.0), ([1.0, 2.0], np.inf), ([1.0, 2.0], [60.0, np.nan])])
def test_no_mean_of_what_is_no_number(factors: list[float], steps: float | list[float]) -> None:
    """A gap is refused, not averaged into a silent one."""
    with pytest.raises(InvalidThermalInput):
        equivalent_ageing(factors, steps)


def test_normal_temperatures_age_normally() -> None:
    """98 °C and 110 °C are where the two papers age at rate 1; 6 K more doubles kraft."""
    assert relative_ageing([98.0, 104.0]) == pytest.approx([1.0, 2.0])
    assert float(ageing_acceleration(110.0)) == pytest.approx(1.0)


def test_a_ramp_costs_kraft_paper_its_integral() -> None:
    """From 98 to 128 °C in an hour: 60 · (2⁵ - 1) / (5 ln 2) minutes, worked by hand."""
    assert consumed_min(98.0, [128.0], 60.0)[-1] == pytest.approx(60.0 * 31.0 / (5.0 * np.log(2.0)))


@given(points=temperatures, finer=st.integers(2, 30))
def test_kraft_does_not_depend_on_the_step(points: list[float], finer: int) -> None:
    """Reading the same straight lines more often changes nothing."""
    coarse = consumed_min(points[0], points[1:], 60.0)
    fine = np.interp(np.arange(1, finer * (len(points) - 1) + 1) / finer, np.arange(len(points)), points)
    assert consumed_min(points[0], fine, 60.0 / finer)[finer - 1 :: finer] == pytest.approx(coarse, rel=1e-6)


def test_upgraded_paper_hardly_depends_on_the_step() -> None:
    """A rise of 40 K in an hour taken as steps of 15 minutes instead of one moves the loss of life by less than 0.5 %."""
    fine = np.linspace(90.0, 130.0, 61)
    spent = [consumed_min(90.0, s[1:], step, Paper.UPGRADED)[-1] for s, step in ((fine, 1.0), (fine[::15], 15.0))]
    assert spent[1] == pytest.approx(spent[0], rel=5e-3)


def test_many_paths_are_counted_at_once() -> None:
    """Rows of a matrix of paths give what each gives alone."""
    paths = np.array([[90.0, 110.0, 100.0], [120.0, 80.0, 60.0]])
    together = consumed_min([90.0, 95.0], paths, 15.0)
    assert together[1] == pytest.approx(consumed_min(95.0, paths[1], 15.0))


def test_the_equivalent_factor_weights_by_time() -> None:
    """A constant factor is its own mean; a factor that lasts twice as long counts twice."""
    assert equivalent_ageing([2.5, 2.5, 2.5], [1.0, 7.0, 30.0]) == pytest.approx(2.5)
    assert equivalent_ageing([1.0, 4.0], [20.0, 10.0]) == pytest.approx(2.0)
    assert equivalent_ageing([1.0, 4.0], 15.0) == pytest.approx(2.5)


@pytest.mark.parametrize("steps", [[1.0, 2.0, 3.0], 0.0, [10.0, -10.0], float("nan")])
def test_steps_that_fit_no_factor_are_refused(steps: float | list[float]) -> None:
    """Two factors with three steps, or a step that is no duration, are an error."""
    with pytest.raises(InvalidThermalInput, match="one step above 0 min"):
        equivalent_ageing([1.0, 2.0], steps)


def test_180_000_hours_at_110_degrees_are_one_life() -> None:
    """Per cent loss of life is 100 after the normal life at factor 1; 65 000 h may be named instead."""
    assert loss_of_life_percent(1.0, 180_000.0) == pytest.approx(100.0)
    assert loss_of_life_percent(2.0, 32_500.0, 65_000.0) == pytest.approx(100.0)


def test_per_unit_life_is_the_inverse_of_acceleration_up_to_its_rounded_constant() -> None:
    """The printed 9.8e-18 leaves the product 0.034 % above 1, the same at every temperature."""
    product = per_unit_life([80.0, 110.0, 140.0]) * ageing_acceleration([80.0, 110.0, 140.0])
    assert product == pytest.approx(np.full(3, product[1]))
    assert product[1] == pytest.approx(1.00034, abs=1e-5)
