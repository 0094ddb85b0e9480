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


def test_the_age_is_told_first(answer: Say) -> None:
    """'How old is the data?' is answered by an age, then by what is older and where."""
    text = answer("measurements_lost_station", focus="age")
    assert re.match(r"\*\*The latest measurements came \d+ s ago\*\*", text)
    assert "- 6 measurements at HV1 Bus 11 are 240 s old" in text
    assert "No station is silent" in answer("measurements_sign", focus="age")


def test_the_age_at_a_station_names_it(answer: Say) -> None:
    """What is old there, or that nothing is; of other places no more than where old values are."""
    assert "None of the measurements at EHV_HV_substation_2 is older than" in answer(
        "measurements_sign", focus="age", element="EHV_HV_substation_2"
    )
    assert "- 6 measurements at HV1 Bus 11 are 240 s old" in answer("measurements_lost_station", focus="age", element="HV1 Bus 11")
    elsewhere = answer("measurements_lost_station", focus="age", element="EHV_HV_substation_2")
    assert "EHV_HV_substation_2 is not among the stations with values older than" in elsewhere


def test_a_special_question_gets_no_general_answer(answer: Say) -> None:
    """The redundancy is told once, and the test of the sum of squares only where the quality was asked."""
    text = answer("measurements_sign", focus="redundancy")
    assert text.count("rows for each unknown") == 1
    assert "sum of squares" not in text
    assert "likely sign error" in text


def test_residuals_are_told_as_a_table(answer: Say) -> None:
    """Asked for the largest residuals, the meters are listed with both values."""
    assert "| Meter | Measured | Estimated | Normalised residual |" in answer("measurements_sign", focus="residuals", top=3)


def test_no_alarm_names_what_was_asked() -> None:
    """'No alarm stands.' for one element says for which; asked for everything, that nothing changed either."""
    none = {"total": 0, "groups": [], "alarms": []}
    asked = Call(id="E1", tool="alarms", args={"status": "standing", "element": "HV1 Line 12"}, result=dict(none))
    assert write_answer([asked], "", {}) == "**No alarm stands for HV1 Line 12.**"
    everything = Call(id="E1", tool="alarms", args={"status": "all"}, result=dict(none))
    assert write_answer([everything], "", {}) == "**No alarm and no change is reported.**"


def test_a_slope_that_no_shown_digit_shows_is_no_rate(call: Callable[..., Call]) -> None:
    """Three minutes in which 78.5 % stayed 78.5 % are not 'falling by 3.2 % an hour'."""
    trend = call("trend_of_a_line")
    row = {**trend.result["trends"][0], "steady": False, "hourly": 3.2, "span_hours": 0.01}
    told = write_answer([trend.model_copy(update={"result": {**trend.result, "trends": [row]}})], "", {})
    assert "practically unchanged" in told
    assert "an hour" not in told


def test_a_record_that_does_not_reach_back_says_so(call: Callable[..., Call]) -> None:
    """Asked since noon, an answer from what is kept since a quarter to one names the beginning; every number stays grounded."""
    trend = call("trend_of_a_line")
    row = trend.result["trends"][0]
    begin = str(row["begin"])[:16].replace("T", " ")
    result = {**trend.result, "note": f"Recorded are {row['samples_total']} accepted states, from {begin} to 2016-08-12 10:00 UTC."}
    asked = trend.model_copy(update={"args": {**trend.args, "since": "12 h"}, "result": result})
    grounded = ground(write_answer([asked], "", {}), [asked], "", [])
    assert grounded.unsupported_numbers == ()
    assert f"Nothing older than {begin} UTC plant time is recorded." in grounded.answer
    later = asked.model_copy(update={"result": {**result, "note": result["note"].replace(begin, "2016-08-10 08:00")}})
    assert "Nothing older" not in write_answer([later], "", {})


def test_meters_that_others_check_badly_are_counted(answer: Say) -> None:
    """No critical meter is no promise that every error shows."""
    text = answer("measurements_sound", focus="critical")
    assert "No measurement is critical." in text
    assert re.search(r"But in \d+ only an error above 20 standard deviations would show: for example [PQ] ", text)
