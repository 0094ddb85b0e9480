"""Pictures of transformer life: a fan with its limits, causes that add up, margins of all; colour is never the only sign."""

from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from agent.answer import Call
from agent.rendering import Picture, pictures
from agent.rendering.fan import Course, fan_picture

Calls = Callable[..., Call]


@pytest.fixture
def drawn(call: Calls) -> Callable[[str], dict[str, Picture]]:
    """The pictures of a stored result by the first word of their titles."""
    return lambda name: {p.title.partition(" ")[0]: p for p in pictures([call(name)])}


def test_every_picture_is_a_figure_with_words(call: Calls, any_thermal: str) -> None:
    """Plotly accepts it, and a screen reader has something to say."""
    for picture in pictures([call(any_thermal)]):
        assert go.Figure(picture.figure).data
        assert picture.alt.startswith(("Bar chart. ", "Line chart. "))


def test_which_pictures_there_are(drawn: Callable[[str], dict[str, Picture]]) -> None:
    """Causes only where there are some, margins only of several transformers."""
    assert list(drawn("thermal_hot")) == ["Temperatures", "What", "Margin"]
    assert list(drawn("thermal_safe")) == ["Temperatures", "Margin"]
    assert list(drawn("thermal_yes")) == ["Temperatures"]


def test_the_fan_has_band_courses_and_limits(drawn: Callable[[str], dict[str, Picture]], call: Calls) -> None:
    """The band lies between its edges, courses differ in dash as well as colour, and both limits are named lines."""
    figure = drawn("thermal_hot")["Temperatures"].figure
    low, high, hot_spot, oil = figure["data"]
    assert high["fill"] == "tonexty"
    assert all(a <= b <= c for a, b, c in zip(low["y"], hot_spot["y"], high["y"], strict=True))
    assert hot_spot["y"] == [m["hot_spot_celsius"] for m in call("thermal_hot").result["series"]]
    assert len({t["line"]["dash"] for t in (high, hot_spot, oil)}) == 3
    assert [s["y0"] for s in figure["layout"]["shapes"]] == [120.0, 105.0]
    assert len({s["line"]["dash"] for s in figure["layout"]["shapes"]}) == 2
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["hot-spot limit 120 °C", "top-oil limit 105 °C"]
    assert figure["layout"]["yaxis"]["range"][1] > max(high["y"])


def test_a_long_horizon_is_drawn_in_days(drawn: Callable[[str], dict[str, Picture]]) -> None:
    """Thirty days on the axis, or two hours; nothing of a band where none was calculated."""
    long, short = drawn("thermal_hot")["Temperatures"].figure, drawn("thermal_yes")["Temperatures"].figure
    assert (long["data"][2]["x"][-1], long["layout"]["xaxis"]["title"]["text"]) == (30.0, "days from the start")
    assert (short["data"][0]["x"][-1], short["layout"]["xaxis"]["title"]["text"]) == (2.0, "hours from the start")
    assert len(short["data"]) == 2


def test_the_fan_in_words(drawn: Callable[[str], dict[str, Picture]]) -> None:
    """Beginning, peak, band and limits for people who do not see it."""
    alt = drawn("thermal_hot")["Temperatures"].alt
    assert "hot-spot, expected from 84.1 to 126.8 °C, highest 126.8 °C at 30.0, 90 % of the paths up to 138.8 °C" in alt
    assert alt.endswith("Limits: hot-spot limit 120 °C and top-oil limit 105 °C.")


def test_causes_are_steps_that_lead_to_the_peak(drawn: Callable[[str], dict[str, Picture]]) -> None:
    """Each bar begins where the one before it ended; up and down differ in pattern."""
    bars = drawn("thermal_hot")["What"].figure["data"][0]
    assert bars["y"] == ["Without these causes", "Usual load", "Wind and PV", "Load growth", "Weather", "With all of them"]
    ends = [base + x for base, x in zip(bars["base"], bars["x"], strict=True)]
    for before, begin in zip(ends[:4], bars["base"][1:5], strict=True):
        assert begin == pytest.approx(before)
    assert ends[4] == pytest.approx(ends[5])
    assert bars["text"] == ["96.2 °C", "+13.6 K", "+12.3 K", "+6.1 K", "-1.4 K", "126.8 °C"]
    assert bars["marker"]["pattern"]["shape"] == ["", "/", "/", "/", "", ""]


def test_margins_are_marked_where_they_are_gone(drawn: Callable[[str], dict[str, Picture]]) -> None:
    """Beyond the limit is left of the line and hatched, what may get there is striped, the rest is plain."""
    figure = drawn("thermal_hot")["Margin"].figure
    bars = figure["data"][0]
    assert bars["x"] == [-6.8, 1.8, 52.9]
    assert bars["marker"]["pattern"]["shape"] == ["x", "/", ""]
    assert bars["y"][1] == "HV1 Trafo 3 (top oil, limit 105 °C)"
    assert figure["layout"]["shapes"][0]["x0"] == 0.0
    assert figure["layout"]["xaxis"]["range"][0] < -6.8


def test_one_moment_is_no_course() -> None:
    """Nothing to draw between one point and itself."""
    assert fan_picture("Temperatures", [0.0], "hours", [Course("hot-spot", [80.0])], {}) is None


def test_a_picture_without_an_explained_transformer(call: Calls) -> None:
    """Where the result says nothing of one, only the margins of all are drawn."""
    none = call("thermal_hot").model_copy(update={"result": {**call("thermal_hot").result, "explained": None}})
    assert [p.title.partition(" ")[0] for p in pictures([none])] == ["Margin"]
