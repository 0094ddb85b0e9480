"""How a frequency response is told: the point in the order of the question, each limit with its clause, nothing hidden."""

import re
from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import pictures, write_answer
from agent.rendering.frequency_focus import frequency_focus
from agent.rendering.wish import Wish
from tools.frequency_result import FrequencyResult

Say = Callable[..., str]
Calls = Callable[..., Call]
FOCI = ("", "inertia", "limits", "shed", "rate", "settling")


def test_the_stored_results_have_the_form_of_today(call: Calls, any_frequency: str) -> None:
    """A field that the study renames or drops makes the stored result invalid, and these tests worthless."""
    stored = {key: value for key, value in call(any_frequency).result.items() if key != "headline"}
    assert FrequencyResult.model_validate(stored).model_dump(mode="json") == stored


@pytest.mark.parametrize("focus", FOCI)
def test_every_number_is_grounded(answer: Say, any_frequency: str, focus: str) -> None:
    """However it was asked; the fixture checks each number against its evidence."""
    assert "(no value)" not in answer(any_frequency, focus=focus)


@pytest.mark.parametrize("focus", FOCI)
def test_no_number_is_typed(call: Calls, any_frequency: str, focus: str) -> None:
    """Without its markers an answer holds no number that the result does not say word for word."""
    bare = re.sub("⟦[^⟧]*⟧", "", write_answer([call(any_frequency)], "", {"focus": focus}))
    assert ground(bare, [call(any_frequency)], "", []).unsupported_numbers == ()


@pytest.mark.parametrize(
    ("result", "point"),
    [
        (
            "frequency_falls",
            "**Losing 450 MW makes frequency fall by 0.592 Hz/s at once; lowest 49.509 Hz after 2.3 s, nothing shed, "
            "settles at 49.775 Hz**. All limits of the synchronous area Ireland and Northern Ireland are kept.",
        ),
        (
            "frequency_sheds",
            "**Losing 1000 MW and 500 MW more after 5 s makes frequency fall by 1.316 Hz/s at once; lowest 48.553 Hz after 1.4 s, "
            "highest 50.460 Hz after 5.0 s, 1375 MW of load are shed in 4 stages, settles at 49.937 Hz**. "
            "Not kept: highest instantaneous deviation, floor for an infrequent infeed loss and loss-of-mains protection.",
        ),
        (
            "frequency_rises",
            "**Losing 400 MW of load makes frequency rise by 0.526 Hz/s at once; highest 50.440 Hz after 2.3 s, nothing shed,",
        ),
        ("frequency_collapses", "**Losing 3500 MW makes frequency fall by 4.605 Hz/s at once, and it collapses: a blackout**; no shedding"),
        ("frequency_element", "**Losing Generator at Bus 38 (830 MW) makes frequency fall by 1.138 Hz/s at once; lowest 59.389 Hz"),
    ],
)
def test_a_loss_is_told_in_one_sentence(answer: Say, result: str, point: str) -> None:
    """How fast, how far and when, what is shed, where it settles, and which limits are not kept."""
    assert answer(result).startswith(point)


def test_a_small_loss_keeps_digits_that_say_something(altered: Calls, told: Say) -> None:
    """A megawatt in a large system moves the fifth decimal; it is told neither as nothing nor as '50.000 Hz'."""
    small = {"losses": [{"at_s": 0.0, "mw": 0.25}], "rocof_hz_per_s": 0.000025, "nadir_hz": 49.99981, "settles_hz": 49.9999}
    text = told(altered("frequency_falls", **small))
    assert text.startswith("**Losing 250 kW makes frequency fall by 0.000025 Hz/s at once; lowest 49.99981 Hz after 2.3 s,")
    assert "settles at 49.99990 Hz**." in text


def test_what_has_not_settled_is_not_told_as_settled(altered: Calls, told: Say) -> None:
    """No balance, no number for it, and nothing that makes up for the loss."""
    text = told(altered("frequency_falls", settles_hz=None, settled=False))
    assert "nothing shed, not settled after 60 s**." in text
    assert "made up for" not in text


@pytest.mark.parametrize(
    ("question", "point", "section"),
    [
        (
            "how fast does it fall?",
            "**After losing 1000 MW and 500 MW more after 5 s frequency falls by 1.316 Hz/s at once**, at",
            "Limits of",
        ),
        ("which limits are not kept?", "**Not all limits of the synchronous area Great Britain are kept**: highest", "Losing 1000 MW"),
        ("how much load is shed?", "**1375 MW of the 5000 MW of load are shed in 4 stages after losing 1000 MW", "Shedding scheme"),
        ("what is the smallest inertia for that?", "**There is no smallest inertia: no inertia would keep 49.2 Hz", "Losing 1000 MW"),
        ("where does it settle?", "**After losing 1000 MW and 500 MW more after 5 s frequency settles at 49.937 Hz**;", "In the end"),
    ],
)
def test_the_question_decides_what_comes_first(answer: Say, question: str, point: str, section: str) -> None:
    """The same result, told from the end that was asked for."""
    parts = answer("frequency_sheds", question=question).split("\n\n")
    assert parts[0].startswith(point)
    assert parts[1].startswith(section)


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("what if we lose 450 MW with 19 GWs of inertia?", ""),
        ("what is the frequency after losing 450 MW without load shedding?", ""),
        ("what if we lose the largest infeed?", ""),
        ("what is the RoCoF?", "rate"),
        ("how much inertia do we need to keep 49.2 Hz?", "inertia"),
        ("smallest inertia that keeps 49.2 Hz", "inertia"),
        ("is any load shed?", "shed"),
        ("is that within limits?", "limits"),
        ("where does frequency settle?", "settling"),
    ],
)
def test_words_that_tell_what_is_wanted_first(question: str, focus: str) -> None:
    """Where the understanding says nothing of it, the words do; what it says goes before."""
    assert frequency_focus(Wish(question=question)) == focus
    assert frequency_focus(Wish(question=question, focus="shed")) == "shed"


def test_each_limit_has_its_value_and_clause(answer: Say) -> None:
    """Reached, allowed, kept or not, for how long beyond it, who says so, and what of it nobody has read."""
    text = answer("frequency_sheds")
    assert "| Highest instantaneous deviation | 1.447 Hz | 0.8 Hz | **no** | 1.6 s | SO GL (EU) 2017/1485 Annex III Table 1 |" in text
    assert "| Highest steady-state deviation | 0.063 Hz | 0.5 Hz | yes | – |" in text
    assert "| EirGrid operational constraints, March 2024 | the window of 500 ms |" in answer("frequency_falls")


def test_stages_are_told_one_by_one_where_any_acts(answer: Say) -> None:
    """When each was gone; a scheme that does not act is one sentence, and no scheme is none."""
    text = answer("frequency_sheds")
    assert "| 48.75 Hz | 250 MW | 0.20 s | 1.33 s |" in text
    assert "| 47.8 Hz | 250 MW | 0.20 s | – |" in text
    assert "No stage of the shedding scheme 'ireland' acts; its first is at 48.85 Hz." in answer("frequency_falls")
    assert "Shedding scheme" not in answer("frequency_collapses")


def test_the_smallest_inertia_stands_beside_the_one_there_is(answer: Say) -> None:
    """With the frequency that it keeps; where a rate was asked for too, that of the rate."""
    point = answer("frequency_element", focus="inertia").split("\n\n")[0]
    assert point == "**11.8 GW·s is the smallest inertia that keeps 59.04 Hz without shedding.** Now it is 21.9 GW·s after the loss."
    assert "The rate of change that was asked for, as a mean over half a second, needs 23.2 GW·s." in answer("frequency_sheds")


def test_without_an_area_no_limit_is_judged(altered: Calls, told: Say) -> None:
    """Not judged is not kept."""
    text = told(altered("frequency_falls", limits=[], area=None), focus="limits")
    assert text.startswith("**No limits were judged: no synchronous area was given.**")
    assert "kept" not in told(altered("frequency_falls", limits=[], area=None))


def test_what_it_rests_on_is_never_hidden(answer: Say, call: Calls, any_frequency: str) -> None:
    """The system, every assumption and every unverified value close every answer."""
    last = answer(any_frequency).split("\n\n")[-1]
    assert last.startswith("What this rests on: One frequency for a system of ")
    for saying in (*call(any_frequency).result["assumed"], *call(any_frequency).result["unverified"]):
        assert saying in last


def test_the_course_is_drawn_with_limits_losses_and_sheddings(call: Calls, any_frequency: str) -> None:
    """Plotly accepts it, and a screen reader has something to say; lines differ in dash, marks in shape."""
    (picture,) = pictures([call(any_frequency)])
    assert go.Figure(picture.figure).data
    assert picture.alt.startswith("Line chart. Frequency after losing ")
    lines = [t for t in picture.figure["data"] if t["mode"] == "lines"]
    marks = [t["marker"]["symbol"] for t in picture.figure["data"] if t["mode"] == "markers"]
    assert len(marks) == len(set(marks))
    assert lines[0]["y"] == [m["frequency_hz"] for m in call(any_frequency).result["series"]]
    low, high = picture.figure["layout"]["yaxis"]["range"]
    assert low < min(lines[0]["y"])
    assert max(lines[0]["y"]) < high
    assert all(low < s["y0"] < high for s in picture.figure["layout"]["shapes"])


def test_sheddings_and_both_losses_stand_on_the_course(call: Calls) -> None:
    """Each stage at its moment, the load shed in steps below."""
    picture = pictures([call("frequency_sheds")])[0]
    drawn = {t["name"]: t for t in picture.figure["data"]}
    assert drawn["losses"]["x"] == [0.0, 5.0]
    assert drawn["stages shed"]["x"] == [r["at_s"] for r in call("frequency_sheds").result["shed_stages"] if r["at_s"] is not None]
    assert drawn["load shed [MW]"]["line"]["shape"] == "hv"
    assert drawn["load shed [MW]"]["y"][-1] == pytest.approx(1375.0)
    assert "floor for an infrequent infeed loss 49.2 Hz" in picture.alt


def test_limits_far_away_do_not_flatten_the_course(call: Calls) -> None:
    """The nearest is always drawn; of lost load the upper side is."""
    assert [s["y0"] for s in pictures([call("frequency_falls")])[0].figure["layout"]["shapes"]] == [49.5]
    assert [s["y0"] for s in pictures([call("frequency_rises")])[0].figure["layout"]["shapes"]] == [50.2]
    assert "load shed [MW]" not in {t["name"] for t in pictures([call("frequency_collapses")])[0].figure["data"]}


def test_one_moment_is_no_course(altered: Calls) -> None:
    """Nothing to draw between one point and itself."""
    assert pictures([altered("frequency_falls", series=[])]) == []
