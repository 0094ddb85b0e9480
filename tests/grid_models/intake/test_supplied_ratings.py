"""Ratings from outside make a grid usable where every branch gets one, and never loosen what its source says."""

import numpy as np
import pandapower.networks as networks
import pytest

from grid_models.errors import UnknownElement
from grid_models.intake.net import model_from_net
from grid_models.intake.supplied_ratings import InvalidRating, SuppliedRating, with_ratings
from grid_models.steady.boundary import solve
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower
BY = "Example Grid Company"


def every_branch(model: GridModel, mva: float = 400.0) -> dict[str, SuppliedRating]:
    return dict.fromkeys(model.branches.name, SuppliedRating(rating_mva=mva))


def test_a_grid_becomes_usable_where_every_branch_gets_a_rating(case118: Grid) -> None:
    """Loadings are the same current over the supplied rating; the grid's hash and every state's id are others."""
    model = with_ratings(case118.model, every_branch(case118.model), BY)
    assert not case118.model.ratings_usable
    assert model.ratings_usable
    assert model.ratings_note.startswith(f"All 186 branches have one permanent rating (PATL) in the source or from {BY}")
    assert model.content_hash != case118.model.content_hash
    before, after = GridState.at_start(case118.model), GridState.at_start(model)
    assert before.state_id != after.state_id
    solution = solve(after)
    assert np.all(np.isfinite(solution.loading_percent))
    line = int(np.flatnonzero(model.branches.is_line)[0])
    kv = model.buses.nominal_kv[model.branches.from_bus[line]]
    larger_ka = max(solution.i_from_ka[line], solution.i_to_ka[line])
    assert solution.loading_percent[line] == pytest.approx(100 * larger_ka / (400 / np.sqrt(3) / kv), rel=1e-9)
    assert np.all(np.isnan(solve(before).loading_percent))


def test_one_missing_rating_leaves_the_grid_unusable(case118: Grid) -> None:
    """And the note counts it."""
    supplied = every_branch(case118.model)
    supplied.pop("Line 1-2 (1)")
    model = with_ratings(case118.model, supplied, BY)
    assert not model.ratings_usable
    assert "1 of 186 branches have a placeholder or no rating" in model.ratings_note


def test_amperes_and_megavoltamperes_land_at_both_ends(case118: Grid) -> None:
    """A line carries one current; a transformer the current of its power at each bus's nominal voltage."""
    trafo = next(n for n, line in zip(case118.model.branches.name, case118.model.branches.is_line, strict=True) if not line)
    model = with_ratings(
        case118.model,
        {
            "Line 1-2 (1)": SuppliedRating(rating_a=600, temporary_a=700, temporary_minutes=15),
            trafo: SuppliedRating(rating_mva=500, temporary_mva=600, temporary_minutes=20),
        },
        BY,
    )
    branches, row = model.branches, model.branches.name.index(trafo)
    assert (branches.rating_from_ka[0], branches.rating_to_ka[0], branches.temporary_from_ka[0], branches.temporary_to_ka[0]) == (
        0.6, 0.6, 0.7, 0.7
    )  # fmt: skip
    high, low = model.buses.nominal_kv[branches.from_bus[row]], model.buses.nominal_kv[branches.to_bus[row]]
    assert branches.rating_from_ka[row] == pytest.approx(500 / np.sqrt(3) / high)
    assert branches.rating_to_ka[row] == pytest.approx(500 / np.sqrt(3) / low)
    assert branches.temporary_to_ka[row] == pytest.approx(600 / np.sqrt(3) / low)
    assert f"Ratings of 2 branches come from {BY}; 2 of them have a temporary one for 15 or 20 min." in model.notes


def test_a_source_rating_may_only_be_lowered(training: Grid) -> None:
    """Lower or equal is taken; higher is refused with both numbers, for the temporary rating too."""
    own_a = 1000 * float(training.model.branches.rating_from_ka[0])
    lower = with_ratings(training.model, {"T Line 1": SuppliedRating(rating_a=own_a / 2)}, BY)
    assert lower.branches.rating_from_ka[0] == pytest.approx(own_a / 2000)
    assert np.array_equal(training.model.branches.rating_from_ka, [own_a / 1000, *training.model.branches.rating_from_ka[1:]])
    with_ratings(training.model, {"T Line 1": SuppliedRating(rating_a=own_a)}, BY)
    with pytest.raises(InvalidRating, match="may only be lowered"):
        with_ratings(training.model, {"T Line 1": SuppliedRating(rating_a=own_a + 1)}, BY)
    once = with_ratings(training.model, {"T Line 1": SuppliedRating(rating_a=100, temporary_a=150, temporary_minutes=15)}, BY)
    with pytest.raises(InvalidRating, match="field 'temporary'"):
        with_ratings(once, {"T Line 1": SuppliedRating(rating_a=100, temporary_a=160, temporary_minutes=15)}, BY)


@pytest.mark.parametrize(
    ("element", "rating", "field"),
    [
        ("T Line 1", SuppliedRating(), "rating"),
        ("T Line 1", SuppliedRating(rating_a=100, rating_mva=20), "rating"),
        ("T Line 1", SuppliedRating(rating_a=0), "rating"),
        ("T Line 1", SuppliedRating(rating_a=float("nan")), "rating"),
        ("T Line 1", SuppliedRating(rating_a=100, temporary_a=90, temporary_minutes=15), "temporary"),
        ("T Trafo 1", SuppliedRating(rating_a=100), "rating_a"),
    ],
)
def test_a_rating_that_does_not_fit_is_refused_by_field(training: Grid, element: str, rating: SuppliedRating, field: str) -> None:
    """One sentence with the element and what would work."""
    with pytest.raises(InvalidRating) as caught:
        with_ratings(training.model, {element: rating}, BY)
    assert (caught.value.element, caught.value.field) == (element, field)


def test_only_branches_of_this_grid_are_rated(training: Grid) -> None:
    """An unknown name is refused with the nearest ones, another kind with what it is."""
    with pytest.raises(UnknownElement):
        with_ratings(training.model, {"T Line 9": SuppliedRating(rating_a=100)}, BY)
    with pytest.raises(InvalidRating, match="it is a bus"):
        with_ratings(training.model, {training.model.buses.name[0]: SuppliedRating(rating_a=100)}, BY)


@pytest.mark.slow
def test_a_three_winding_transformer_is_rated_winding_by_winding() -> None:
    """Each at its terminal alone: the star point is no terminal."""
    net = networks.example_multivoltage()
    model = model_from_net(net, "multivoltage")
    name = model.three_winding.name[0]
    rated = with_ratings(model, {f"{name} (hv)": SuppliedRating(rating_mva=1.0)}, BY)
    leg = model.three_winding.legs[0, 0]
    assert rated.branches.rating_from_ka[leg] == pytest.approx(1 / np.sqrt(3) / model.buses.nominal_kv[model.branches.from_bus[leg]])
    assert np.isnan(rated.branches.rating_to_ka[leg])
    with pytest.raises(InvalidRating, match="winding"):
        with_ratings(model, {name: SuppliedRating(rating_mva=1.0)}, BY)
