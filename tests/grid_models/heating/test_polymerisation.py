"""Degree of polymerisation by Arrhenius: known lives, what it may be asked, and that it never hides its doubt."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.heating.ageing import Paper, relative_ageing
from grid_models.heating.paper_kinetics import kinetics, paper_ageing
from grid_models.heating.polymerisation import (
    PaperState,
    chain_breaks_per_h,
    hours_to_end,
    polymerisation_after,
    polymerisation_from_furan,
    share_consumed,
)
from grid_models.heating.series import InvalidThermalInput

KRAFT = PaperState(1000.0, 0.5, True, Paper.NON_UPGRADED)
UPGRADED = PaperState(1000.0, 0.5, True, Paper.UPGRADED)
YEAR_H = 8760.0


@pytest.mark.parametrize(
    ("state", "celsius", "years"),
    [(KRAFT, 80.0, 95.5), (KRAFT, 90.0, 28.7), (KRAFT, 98.0, 11.5), (UPGRADED, 110.0, 15.2)],
)
def test_new_dry_paper_without_air_lives_the_known_years(state: PaperState, celsius: float, years: float) -> None:
    """From DP 1000 to 200 at a constant temperature, within 1 % of figures computed apart from this code."""
    assert float(hours_to_end(celsius, state).values) / YEAR_H == pytest.approx(years, rel=0.01)


def test_the_series_ends_where_the_hours_say() -> None:
    """Two ways to the same end: paper kept at 98 °C for its hours to the end has a DP of 200."""
    hours = float(hours_to_end(98.0, KRAFT).values)
    found = polymerisation_after(98.0, np.full(1000, 98.0), hours * 60.0 / 1000.0, KRAFT)
    assert found.values[-1] == pytest.approx(200.0, rel=1e-9)
    assert np.all(np.diff(found.values) < 0.0)


def test_the_series_does_not_depend_on_its_step() -> None:
    """A day between 60 and 120 °C read every hour or every minute breaks the same number of chains within 0.5 %."""
    fine = np.interp(np.arange(1441), [0, 360, 720, 1440], [60.0, 120.0, 90.0, 60.0])
    lost = [1000.0 - polymerisation_after(60.0, s[1:], step, KRAFT).values[-1] for s, step in ((fine, 1.0), (fine[::60], 60.0))]
    assert lost[1] == pytest.approx(lost[0], rel=5e-3)


@given(celsius=st.floats(20.0, 160.0), warmer=st.floats(0.1, 20.0), moisture=st.floats(0.5, 3.4), wetter=st.floats(0.01, 0.1))
@pytest.mark.parametrize("paper", Paper)
def test_warmer_or_wetter_paper_breaks_faster(paper: Paper, celsius: float, warmer: float, moisture: float, wetter: float) -> None:
    """Both raise the rate, also between the moistures of the table."""

    def rate(at: float, water: float) -> float:
        return float(chain_breaks_per_h(at, PaperState(800.0, water, True, paper)).values)

    assert rate(celsius + warmer, moisture) > rate(celsius, moisture)
    assert rate(celsius, moisture + wetter) > rate(celsius, moisture)


def test_moisture_between_the_table_is_taken_in_the_logarithm() -> None:
    """Halfway between 1.5 and 3.5 % the constant is the geometric mean; at a row it is the row's own."""
    assert kinetics(Paper.NON_UPGRADED, 2.5, True).a_per_h == pytest.approx((1.5e11 * 4.5e11) ** 0.5)
    assert kinetics(Paper.NON_UPGRADED, 1.5, True).a_per_h == pytest.approx(1.5e11)


@pytest.mark.parametrize(
    ("moisture", "sealed", "words"),
    [(0.4, True, "from 0.5 to 3.5 %"), (3.6, True, "from 0.5 to 3.5 %"), (1.5, False, "only at 0.5 %"), (float("nan"), True, "0.5")],
)
def test_moisture_beyond_the_table_is_refused(moisture: float, sealed: bool, words: str) -> None:
    """Nothing is extrapolated; the sentence says where constants are known."""
    with pytest.raises(InvalidThermalInput, match=words):
        PaperState(800.0, moisture, sealed, Paper.NON_UPGRADED)


def test_air_shortens_life() -> None:
    """At 80 °C dry kraft paper with access of air lasts less than in a sealed tank."""
    open_tank = PaperState(1000.0, 0.5, False, Paper.NON_UPGRADED)
    assert float(hours_to_end(80.0, open_tank).values) < float(hours_to_end(80.0, KRAFT).values)


def test_consumed_life_runs_with_time() -> None:
    """New paper has used 0, spent paper all; half of the hours leave half, which is a DP of 333 and not of 600."""
    assert float(share_consumed(1000.0).values) == 0.0
    assert float(share_consumed(200.0).values) == pytest.approx(1.0)
    assert float(share_consumed(1000.0 / 3.0).values) == pytest.approx(0.5)
    assert float(share_consumed(1200.0).values) == 0.0


def test_spent_paper_has_no_hours_left() -> None:
    """Below the end of life the answer is 0, not a negative time."""
    assert float(hours_to_end(90.0, PaperState(180.0, 0.5, True, Paper.NON_UPGRADED)).values) == 0.0


def test_furans_tell_the_chain_length() -> None:
    """1 ppm is a DP of 431 by hand (1.51 / 0.0035); more furans are shorter chains; next to none is new paper."""
    assert float(polymerisation_from_furan(1.0).values) == pytest.approx(431.43, abs=0.01)
    assert float(polymerisation_from_furan(5.0).values) < float(polymerisation_from_furan(0.5).values)
    assert float(polymerisation_from_furan(0.001).values) == 1000.0


@pytest.mark.parametrize("furan_ppm", [0.0, -1.0, float("nan"), 450.0])
def test_furans_that_are_none_are_refused(furan_ppm: float) -> None:
    """No concentration, or one that can only be in ppb."""
    with pytest.raises(InvalidThermalInput, match="2-FAL"):
        polymerisation_from_furan(furan_ppm)


def test_every_result_carries_its_doubt() -> None:
    """As long as the file says unverified, no answer comes without saying so in words."""
    assert paper_ageing().unverified
    assert paper_ageing().furan.unverified
    results = [
        chain_breaks_per_h(90.0, KRAFT),
        polymerisation_after(90.0, [90.0], 60.0, KRAFT),
        hours_to_end(90.0, KRAFT),
        share_consumed(500.0),
        polymerisation_from_furan(1.0),
    ]
    assert all(len(result.unverified) > 20 for result in results)


def test_it_is_another_model_than_the_6_k_rule() -> None:
    """Between 80 and 98 °C the two disagree by a few per cent: nobody may swap one for the other unnoticed."""
    arrhenius = float(hours_to_end(80.0, KRAFT).values / hours_to_end(98.0, KRAFT).values)
    six_kelvin = float(relative_ageing(98.0) / relative_ageing(80.0))
    assert abs(arrhenius / six_kelvin - 1.0) > 0.02


@pytest.mark.parametrize("chain", [0.0, -5.0, 2500.0, float("nan")])
def test_chains_of_no_paper_are_refused(chain: float) -> None:
    """A DP is above 0 and not far above that of new paper."""
    with pytest.raises(InvalidThermalInput, match="DP of"):
        share_consumed(chain)


@pytest.mark.parametrize("text", ["start: new\n", "[", "- 1\n"])
def test_a_broken_data_file_is_named(text: str, tmp_path: Path) -> None:
    """The error names the file instead of answering with half of it."""
    path = tmp_path / "paper_ageing.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidThermalInput, match=r"paper_ageing\.yaml"):
        paper_ageing(path)
