"""Pictures are Plotly's JSON with a description in words; colour is never the only sign."""

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import pytest

from agent.answer import Call
from agent.rendering import grid_map, pictures
from agent.rendering.colours import CLASSES, loading_class
from grid_models.twin.model import GridModel
from grid_models.twin.source import load_grid


def test_every_picture_is_a_figure_with_words(call: Callable[..., Call], any_result: str) -> None:
    """Plotly accepts it, and a screen reader has something to say."""
    for picture in (*pictures([call(any_result)]), *pictures([call(any_result)], "voltages")):
        assert go.Figure(picture.figure).data
        assert picture.alt.startswith("Bar chart. ")


def test_loadings_have_a_limit_line_and_labels(call: Callable[..., Call]) -> None:
    """The bars say their values; the permanent rating is a dashed line."""
    (picture,) = pictures([call("opening_54")], "loadings")[:1]
    bars, layout = picture.figure["data"][0], picture.figure["layout"]
    assert bars["text"][0] == "155.6 %"
    assert layout["shapes"][0]["x0"] == 100.0
    assert bars["marker"]["pattern"]["shape"][:2] == ["x", ""]
    assert "HV1 Line 75 155.6 %" in picture.alt


def test_unusable_ratings_give_no_loadings(call: Callable[..., Call]) -> None:
    """Only voltages are left to draw."""
    assert [p.title for p in pictures([call("case118")])] == ["Lowest voltages"]


def test_before_and_after_of_a_proposal(call: Callable[..., Call]) -> None:
    """Two pairs of bars."""
    (picture,) = pictures([call("pending")])
    assert picture.figure["data"][0]["y"][:2] == ["Highest loading, before", "Highest loading, after"]


@pytest.mark.parametrize(
    ("percent", "name"), [(None, "no loading"), (0.0, "below 60 %"), (60.0, "below 60 %"), (100.0, "90 to 100 %"), (100.1, "above 100 %")]
)
def test_loading_classes(percent: float | None, name: str) -> None:
    """Exactly 100 % is no overload; each class differs in more than colour."""
    assert loading_class(percent).name == name
    assert len({c.width for c in CLASSES}) == len(CLASSES)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> GridModel:
    """A small grid that ships with the product."""
    return load_grid("case14", tmp_path_factory.mktemp("grids")).model


def with_places(model: GridModel, first: float = 7.0) -> GridModel:
    """The grid on a line of coordinates."""
    from dataclasses import replace

    places = np.linspace(first, 8.0, len(model.buses))
    return replace(model, buses=replace(model.buses, longitude_degree=places, latitude_degree=places + 40))


def test_the_map_shows_classes_and_rings(training: GridModel) -> None:
    """Overloads are drawn last and widest; what was asked about is ringed."""
    names = training.branches.name
    picture = grid_map(with_places(training), {name: 120.0 if i == 0 else 50.0 for i, name in enumerate(names)}, [names[0]])
    assert picture is not None
    drawn = {trace["name"]: trace for trace in picture.figure["data"] if trace["mode"] == "lines"}
    assert drawn["above 100 %"]["line"]["width"] > drawn["below 60 %"]["line"]["width"]
    assert picture.figure["data"][-1]["text"] == [names[0]]
    assert f"Heaviest: {names[0]} 120.0 %" in picture.alt
    assert go.Figure(picture.figure).data


def test_a_grid_without_places_has_no_map(training: GridModel) -> None:
    """No coordinates, no picture; never an invented one."""
    from dataclasses import replace

    nowhere = np.full(len(training.buses), np.nan)
    placeless = replace(training, buses=replace(training.buses, longitude_degree=nowhere, latitude_degree=nowhere))
    assert grid_map(placeless, {}) is None
