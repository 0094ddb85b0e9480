"""Pictures of cascades: load in steps, the pathway as a graph, what remedies save; colour is never the only sign."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from agent.answer import Call
from agent.rendering import Picture, pictures
from agent.rendering.cascade_map import cascade_map
from grid_models.twin.model import GridModel
from grid_models.twin.source import load_grid

Calls = Callable[..., Call]


@pytest.fixture
def drawn(call: Calls) -> Callable[[str], dict[str, Picture]]:
    """The pictures of a stored result by the first word of their titles."""
    return lambda name: {p.title.partition(" ")[0]: p for p in pictures([call(name)])}


def test_every_picture_is_a_figure_with_words(call: Calls, any_cascade: str) -> None:
    """Plotly accepts it, and a screen reader has something to say."""
    for picture in pictures([call(any_cascade)]):
        assert go.Figure(picture.figure).data
        assert picture.alt.startswith(("Step chart. ", "Graph. ", "Bar chart. "))


def test_which_pictures_there_are(call: Calls) -> None:
    """Nothing is drawn where nothing but the first outage happens; remedies only where there are some."""
    kinds = {
        name: [p.alt.partition(".")[0] for p in pictures([call(name)])] for name in ("cascade_spreads", "cascade_holds", "cascade_radial")
    }
    assert kinds == {"cascade_spreads": ["Step chart", "Graph", "Bar chart"], "cascade_holds": [], "cascade_radial": ["Step chart"]}
    assert [p.alt.partition(".")[0] for p in pictures([call("cascade_blackout")])] == ["Step chart", "Graph"]


def test_the_load_falls_in_steps_to_what_is_left(call: Calls) -> None:
    """From all of it to what is not lost, held between events; kinds of events differ in shape."""
    result = call("cascade_spreads").result
    line, *marks = pictures([call("cascade_spreads")])[0].figure["data"]
    assert line["line"]["shape"] == "hv"
    assert line["y"][0] == result["load_mw"]
    assert line["y"][-1] == pytest.approx(result["load_mw"] - result["lost_load_mw"])
    assert line["x"][-1] == pytest.approx(result["ends_at_s"] / 60)
    assert line["y"] == sorted(line["y"], reverse=True)
    assert len({m["marker"]["symbol"] for m in marks}) == len(marks) == 5
    assert sum(len(m["x"]) for m in marks) == result["events_total"]


def test_a_part_of_the_events_is_drawn_as_a_part(call: Calls) -> None:
    """What is not listed is not drawn as quiet."""
    picture = pictures([call("cascade_blackout")])[0]
    assert picture.title == "Load still supplied after losing Line 8-9 (1), the first 3 events"
    assert picture.figure["data"][0]["x"][-1] == pytest.approx(310.5 / 60)


def test_what_happens_at_one_time_is_named_once(call: Calls) -> None:
    """Names of simultaneous events would cover each other."""
    notes = pictures([call("cascade_spreads")])[0].figure["layout"]["annotations"]
    assert notes[0]["text"] == "HV1 Line 54 fails and 1 more"
    assert len({n["x"] for n in notes}) == len(notes)


def test_the_pathway_runs_from_left_to_right(call: Calls) -> None:
    """Each arrow points to what it loaded, with the loadings beside it; what failed and what tripped differ in shape."""
    figure = pictures([call("cascade_spreads")])[1].figure
    arrows = [a for a in figure["layout"]["annotations"] if a["showarrow"]]
    assert len(arrows) == len(call("cascade_spreads").result["pathway"])
    assert all(a["ax"] < a["x"] for a in arrows)
    assert next(a["text"] for a in figure["layout"]["annotations"] if not a["showarrow"]) == "78.6 → 156.0 %"
    assert [(t["name"], t["marker"]["symbol"]) for t in figure["data"]] == [("fails first", "square"), ("trips by itself", "circle")]
    assert figure["data"][0]["text"] == ["HV1 Line 54", "HV1 Line 75"]


def test_elements_of_the_pathway_do_not_cover_each_other(call: Calls) -> None:
    """Two that are loaded by the same loss stand one below the other."""
    data = pictures([call("cascade_spreads")])[1].figure["data"]
    places = [(x, y) for t in data for x, y in zip(t["x"], t["y"], strict=True)]
    assert len(set(places)) == len(places) == 6


def test_remedies_are_drawn_beside_doing_nothing(call: Calls) -> None:
    """What stops it is plain, what does not is striped, nothing is hatched."""
    bars = pictures([call("cascade_spreads")])[2].figure["data"][0]
    assert bars["y"] == ["If nobody acts", "cap HV1 Sgen 54 at 20 MW", "open HV1 Line 14 (no operator could in time)"]
    assert bars["x"] == [84.2, 0.0, 12.4]
    assert bars["marker"]["pattern"]["shape"] == ["x", "", "/"]


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> GridModel:
    """A small grid on a line of coordinates."""
    model = load_grid("case14", tmp_path_factory.mktemp("grids")).model
    places = np.linspace(7.0, 8.0, len(model.buses))
    return replace(model, buses=replace(model.buses, longitude_degree=places, latitude_degree=places + 40))


def test_the_map_numbers_what_is_lost_in_its_order(placed: GridModel, call: Calls) -> None:
    """First failures are dotted, trips are solid, and each branch that stays is grey."""
    names = placed.branches.name[:3]
    events = [
        {"at_s": at, "element": n, "kind": kind} for at, n, kind in zip((0.0, 9.0, 12.5), names, ("outage", "trip", "trip"), strict=True)
    ]
    picture = cascade_map(placed, call("cascade_spreads").model_copy(update={"result": {"events": events}}))
    assert picture is not None
    stays, first, trips, numbers = picture.figure["data"]
    assert [len(t["x"]) // 3 for t in (stays, first, trips)] == [len(placed.branches) - 3, 1, 2]
    assert (first["line"]["dash"], trips["line"]["dash"]) == ("dot", "solid")
    assert numbers["text"] == ["1", "2", "3"]
    assert f"2: {names[1]} trips, 9.0 s; 3: {names[2]} trips, 12.5 s." in picture.alt
    assert go.Figure(picture.figure).data


def test_an_answer_brings_its_map_where_something_spread(placed: GridModel, call: Calls) -> None:
    """The grid is asked for only then."""
    names = placed.branches.name
    spread = {"events": [{"at_s": 0.0, "element": names[0], "kind": "outage"}], "pathway": [{"lost": names[0], "loaded": names[1]}]}
    titles = [p.title for p in pictures([call("cascade_spreads").model_copy(update={"result": spread})], places=lambda: placed)]
    assert titles[-1].endswith("in which order branches are lost")
    assert not pictures([call("cascade_spreads").model_copy(update={"result": {**spread, "pathway": []}})], places=lambda: 1 / 0)


def test_no_map_where_nothing_has_a_place(placed: GridModel, call: Calls) -> None:
    """Neither of another grid's elements nor of a grid without coordinates."""
    assert cascade_map(placed, call("cascade_spreads")) is None
