"""Placeholders are found one by one; a real rating is never called one."""

import numpy as np
import pandapower.networks as networks
import pytest

from grid_models.intake.net import model_from_net
from grid_models.intake.ratings import placeholders

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


def _found(is_line: bool, mva: float, kv: float) -> bool:
    return bool(placeholders(np.array([is_line]), np.array([mva]), np.array([kv]))[0])


@pytest.mark.parametrize(
    ("is_line", "mva", "kv", "why"),
    [
        (True, np.nan, 110.0, "none in the source"),
        (True, 0.0, 110.0, "zero stands for none"),
        (True, np.inf, 110.0, "infinite"),
        (True, 9900.0, 400.0, "the collections' 'no limit'"),
        (False, 9999.0, 400.0, "the collections' 'no limit'"),
        (False, 99.999, 150.0, "what became of 99999 kVA"),
        (True, np.sqrt(3) * 135 * 42.3, 135.0, "42 kA on 135 kV"),
        (True, np.sqrt(3) * 380 * 13.0, 380.0, "13 kA on one circuit"),
        (True, np.sqrt(3) * 20 * 9.0, 20.0, "9 kA on 20 kV"),
        (False, 6000.0, 400.0, "no such transformer"),
    ],
)
def test_a_placeholder_is_found(is_line: bool, mva: float, kv: float, why: str) -> None:
    """Each for the reason given."""
    assert _found(is_line, mva, kv), why


@pytest.mark.parametrize(
    ("is_line", "mva", "kv"),
    [(True, 6960.0, 400.0), (True, 1800.0, 230.0), (True, 600.0, 110.0), (True, 1.0, 0.4), (False, 100.0, 150.0), (False, 3100.0, 400.0)],
)
def test_a_strong_but_real_rating_is_kept(is_line: bool, mva: float, kv: float) -> None:
    """Double circuits of a reduced network, a 100-MVA transformer, a 1.4-kA low-voltage cable."""
    assert not _found(is_line, mva, kv)


def test_one_mva_on_every_branch_of_several_levels_is_no_rating() -> None:
    """Conductors are rated in kA: the same MVA at 500 and 115 kV is a stand-in, on one level it may be one conductor type."""
    mva, lines = np.full(12, 500.0), np.ones(12, dtype=bool)
    assert placeholders(lines, mva, np.tile([500.0, 115.0], 6)).all()
    assert not placeholders(lines, mva, np.full(12, 230.0)).any()


@pytest.mark.parametrize(
    "name", ["case39", "case9", "case24_ieee_rts", "case30", "case6ww", "case4gs", "case_illinois200", "GBreducednetwork"]
)
def test_cases_with_real_ratings_stay_usable(name: str) -> None:
    """All of their branches are rated."""
    model = model_from_net(getattr(networks, name)(), name)
    assert model.ratings_usable
    assert model.branches.rated.all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["case14", "case57", "case118", "case300", "case33bw", "case_ieee30", "iceland"])
def test_cases_with_placeholders_only_have_no_rating(name: str) -> None:
    """Thermal verdicts are withheld for all of them."""
    model = model_from_net(getattr(networks, name)(), name)
    assert not model.ratings_usable
    assert not model.branches.rated.any()
    assert "voltages are still judged" in model.ratings_note


def test_a_case_with_some_ratings_keeps_them() -> None:
    """case89pegase: 77 of 210 branches have a rating in the source, the others rate A zero."""
    model = model_from_net(networks.case89pegase(), "case89pegase")
    assert (int(model.branches.rated.sum()), len(model.branches)) == (77, 210)
    assert "133 of 210 branches" in model.ratings_note
    assert "only for the 77 that are rated" in model.ratings_note
