"""How measurements, trends and alarms are told and drawn; the results are real ones of a plant with one fault after the other."""

import re
from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import pictures, write_answer
from agent.rendering.lines import Line, line_picture
from tools.alarms_result import AlarmsResult
from tools.estimate_result import EstimateResult
from tools.history_result import HistoryResult

Say = Callable[..., str]
RESULTS = {"state_estimate": EstimateResult, "history": HistoryResult, "alarms": AlarmsResult}
FOCI = ("", "bad_data", "observability", "age", "critical", "redundancy", "element", "voltages")


def test_the_stored_results_have_the_form_of_today(call: Callable[..., Call], any_live: str) -> None:
    """A field that a study renames or drops makes the stored result invalid, and the writer's tests worthless."""
    stored = call(any_live)
    assert RESULTS[stored.tool].model_validate(stored.result).model_dump(mode="json") == stored.result


@pytest.mark.parametrize("focus", FOCI)
def test_every_number_is_grounded(call: Callable[..., Call], answer: Say, any_live: str, focus: str) -> None:
    """However it was asked; the fixture checks each number against its evidence."""
    named = [row["element"] for row in call(any_live).result.get("residuals", [])[:1]]
    assert "(no value)" not in answer(any_live, focus=focus, element="".join(named))


def test_no_number_is_typed(call: Callable[..., Call], any_live: str) -> None:
    """Without its markers an answer holds no number that a result does not say word for word."""
    bare = re.sub("⟦[^⟧]*⟧", "", write_answer([call(any_live)], "", {}))
    assert ground(bare, [call(any_live)], "", []).unsupported_numbers == ()


def test_every_picture_is_a_figure_with_words(call: Callable[..., Call], any_live: str) -> None:
    """Plotly accepts it, and a screen reader has something to say."""
    for picture in pictures([call(any_live)]):
        assert go.Figure(picture.figure).data
        assert picture.alt.startswith(("Bar chart. ", "Line chart. "))


def test_a_sign_error_is_told_as_the_operator_needs_it(answer: Say) -> None:
    """Meter, reading, estimate, residual, what is likely wrong, and what was done."""
    text = answer("measurements_sign")
    assert text.startswith("**The measurements contain 1 bad measurement (left out); the rest agrees.**")
    line = (
        r"- P at HV1 Line 12 \(from side\) reads \d+\.\d MW, estimate -\d+\.\d MW, normalised residual \d+\.\d: likely sign error; removed"
    )
    assert re.search(line, text)


def test_flagged_is_not_removed(answer: Say) -> None:
    """What was only named says so, and the estimate fails its test."""
    text = answer("measurements_flagged")
    assert "(named but kept in)" in text
    assert "; not removed" in text
    assert "the estimate fails the test" in text


def test_what_is_asked_comes_first(answer: Say) -> None:
    """Asked for observability, that stands before the diagnosis."""
    text = answer("measurements_sign", focus="observability")
    assert text.index("determine the whole state") < text.index("likely sign error")


def test_synthetic_measurements_say_so_first(answer: Say) -> None:
    """Nobody may take them for the plant's."""
    assert answer("measurements_synthetic").startswith("Nobody measures this grid now")


def test_a_silent_source_is_said_with_the_age_of_the_state(answer: Say) -> None:
    """An estimate that agrees with itself is no comfort when it is old."""
    text = answer("measurements_silent")
    assert text.startswith("**The latest measurements cannot be relied on.**")
    assert "Studies run on the last accepted state, 240 s old." in text


def test_a_lost_station_is_told_with_count_and_age(answer: Say) -> None:
    """What is old, where, and that positions stand as last known."""
    text = answer("measurements_lost_station")
    assert "- 6 measurements at HV1 Bus 11 are 240 s old" in text
    assert "stand as last known" in text


def test_a_wrong_position_names_what_could_be_wrong_instead(answer: Say) -> None:
    """Two breakers in series look the same from outside."""
    text = answer("measurements_wrong_position")
    assert "HV1 Switch 47 is reported open; what is measured around it fits only if it is closed, unless HV1 Switch 48 is wrong" in text


def test_a_trend_has_its_rate_and_its_gaps(answer: Say) -> None:
    """From where to where, how fast, and what is missing."""
    text = answer("trend_of_a_line")
    assert "**Loading of HV1 Line 12 went from 19.4 % to 19.3 %**, falling by 2.0 % an hour" in text
    assert "1 gap where nothing was recorded" in text


def test_nothing_recorded_is_a_sentence(answer: Say) -> None:
    """No empty table."""
    assert answer("trend_nowhere").startswith("**Nothing is recorded of this grid here")


def test_alarms_are_told_by_cause(answer: Say) -> None:
    """How many, since when, what, and that nobody knows of it yet."""
    text = answer("alarms_sign")
    assert text.startswith("**1 alarm stands, from 1 cause**, not acknowledged.")
    assert re.search(r"- Warning since 2016-08-12 \d\d:\d\d UTC: active power \(from side\) of HV1 Line 12: reads", text)


def test_residuals_are_drawn_with_the_threshold(call: Callable[..., Call]) -> None:
    """The bad one on top, hatched as well as coloured, beyond a dashed line."""
    picture = pictures([call("measurements_sign")])[0]
    bars, layout = picture.figure["data"][0], picture.figure["layout"]
    assert bars["y"][0] == "P at HV1 Line 12 (from side): bad"
    assert bars["marker"]["pattern"]["shape"][:2] == ["x", ""]
    assert layout["shapes"][0]["x0"] == pytest.approx(call("measurements_sign").result["threshold"])


def test_a_gap_breaks_the_line() -> None:
    """No line is drawn over a time of which nothing is known."""
    picture = line_picture("Loading", [Line("a", [("10:00", 1.0, False), ("10:01", 2.0, False), ("11:00", 3.0, True)])], "%", 100.0)
    assert picture is not None
    (trace,) = picture.figure["data"]
    assert trace["y"] == [1.0, 2.0, None, 3.0]
    assert trace["connectgaps"] is False
    assert "broken 1 time" in picture.alt
    assert "limit 100.0 %" in picture.alt


def test_several_trends_differ_in_more_than_colour(call: Callable[..., Call]) -> None:
    """Each line has a dash of its own."""
    (picture,) = pictures([call("trend_of_the_totals")])
    dashes = [trace["line"]["dash"] for trace in picture.figure["data"]]
    assert len(set(dashes)) == len(dashes) == 3
