"""How transformer life is told: the point in the order of the question, nothing invented, nothing hidden."""

import re
from collections.abc import Callable

import pytest

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import write_answer
from agent.rendering.thermal_focus import thermal_focus
from agent.rendering.wish import Wish
from tools.thermal_result import ThermalResult

Say = Callable[..., str]
Change = Callable[..., Call]
FOCI = ("", "time", "temperature", "life", "years", "causes", "helps")


def test_the_stored_results_have_the_form_of_today(call: Callable[..., Call], any_thermal: str) -> None:
    """A field that the study renames or drops makes the stored result invalid, and these tests worthless."""
    stored = {key: value for key, value in call(any_thermal).result.items() if key != "headline"}
    assert ThermalResult.model_validate(stored).model_dump(mode="json") == stored


@pytest.mark.parametrize("focus", FOCI)
@pytest.mark.parametrize("at", [None, 0, -1])
def test_every_number_is_grounded(call: Callable[..., Call], answer: Say, any_thermal: str, focus: str, at: int | None) -> None:
    """However it was asked and of whichever transformer; the fixture checks each number against its evidence."""
    named = "" if at is None else call(any_thermal).result["transformers"][at]["element"]
    assert "(no value)" not in answer(any_thermal, focus=focus, element=named)


@pytest.mark.parametrize("focus", FOCI)
def test_no_number_is_typed(call: Callable[..., Call], any_thermal: str, focus: str) -> None:
    """Without its markers an answer holds no number that the result does not say word for word."""
    bare = re.sub("⟦[^⟧]*⟧", "", write_answer([call(any_thermal)], "", {"focus": focus}))
    assert ground(bare, [call(any_thermal)], "", []).unsupported_numbers == ()


def test_an_outlook_says_which_when_why_and_what_helps(answer: Say) -> None:
    """The sentence a utility buys, in the words of the facts."""
    assert answer("thermal_hot", question="which transformer will overheat first?").startswith(
        "**HV1 Trafo 4 is likely to reach its hot-spot limit of 120 °C within 9.2 days (90 %: 4.1 days to 21 days)** because of "
        "usual load (+13.6 K) and wind and PV (HV1 Sgen 54, HV1 Sgen 12, +12.3 K); "
        "to cap HV1 Sgen 54 at 20 MW would bring the peak to 104.2 °C.\n\n"
    )


def test_where_none_is_near_the_nearest_is_named(answer: Say) -> None:
    """Good news comes with its margin."""
    point = answer("thermal_safe").partition("\n")[0]
    assert point == (
        "**No transformer is expected to reach a temperature limit within 30 days**; "
        "the nearest, HV1 Trafo 4, peaks at 98.1 °C hot-spot, 21.9 K below its limit of 120 °C."
    )


def test_a_chance_is_no_likelihood(answer: Say) -> None:
    """Twelve per cent of the paths make it possible, and the oil is named where the oil is nearer."""
    text = answer("thermal_perhaps")
    assert text.startswith("**HV1 Trafo 3 may reach its top oil limit of 105 °C within 30 days (12 % of the paths)**")
    assert "| perhaps: one path in twenty within 11.5 days |" in text


def test_beyond_the_limit_already(changed: Change, told: Say) -> None:
    """No forecast where it is true now."""
    hot = changed("thermal_hot", hot_spot_now_celsius=121.4, days_to_limit=0.0)
    assert told(hot).startswith("**HV1 Trafo 4 is beyond its hot-spot limit of 120 °C now**")


def test_days_become_hours_when_time_is_short(changed: Change, told: Say) -> None:
    """'within 0.3 days' is read twice, '6.0 h' once."""
    soon = changed("thermal_hot", days_to_limit=0.26, days_to_limit_low=0.1, days_to_limit_high=None)
    assert "within 6.2 h (90 %: 2.4 h or later)**" in told(soon)


def test_all_transformers_stand_in_a_table(answer: Say) -> None:
    """Element, load, temperatures, limit, time, ageing, years left and what is known of it; unknown is no number."""
    text = answer("thermal_hot")
    assert "Of 6 transformers the nearest to a limit:" in text
    rows = [line for line in text.splitlines() if line.startswith(("| HV1 Trafo 3", "| EHV Trafo 1"))]
    assert rows == [
        "| HV1 Trafo 3 | 88.2 % | 84.1 °C | top oil 103.2 °C / 105 °C | perhaps: one path in twenty within 11.5 days | 0.97 "
        "| not known | assumed |",
        "| EHV Trafo 1 | 44.4 % | 45.3 °C | 61.7 °C / 120 °C | not within 30 days | almost none "
        "| more than 100 years (nineteen in twenty: more than 88 years) | synthetic record |",
    ]


def test_causes_add_up_in_words_and_numbers(answer: Say) -> None:
    """From what to what, each with what it is compared with."""
    text = answer("thermal_hot", question="why does it overheat?")
    assert "these causes add up to the peak of HV1 Trafo 4's hot-spot, from 96.2 °C without them to 126.8 °C." in text
    assert "| Wind and PV | +12.3 K | 40 % | parks at their forecast against parks at 0 MW | HV1 Sgen 54, HV1 Sgen 12 |" in text
    assert "- HV1 Sgen 54 (wind, HV1): +61.2 MW of its 147.4 MW" in text
    assert text.index("Why: ") < text.index("| Transformer |")


def test_what_helps_says_what_it_does_not(answer: Say, call: Callable[..., Call], told: Say) -> None:
    """Nothing was done; a change that is not enough, or breaks something else, says so."""
    text = answer("thermal_hot", question="what would relieve it?")
    assert text.startswith(
        "**To cap HV1 Sgen 54 at 20 MW would bring the hot-spot's expected peak at HV1 Trafo 4 from 126.8 °C to 104.2 °C.**"
    )
    assert "nothing has been done" in text
    only = call("thermal_hot").result["helps"][1:]
    weak = call("thermal_hot").model_copy(update={"result": {**call("thermal_hot").result, "helps": only}})
    assert "to open HV1 Line 14 would bring the peak to 122.5 °C, but is not enough alone and would break 2 other limits." in told(weak)


def test_no_help_is_said_as_it_is(changed: Change, told: Say, answer: Say) -> None:
    """Not needed and not found are two things."""
    assert answer("thermal_safe", focus="helps").startswith("**No limit is near, so no relief was looked for.**")
    assert told(changed("thermal_hot", {"helps": []}), focus="helps").startswith("**No change that was tried helps.**")


def test_what_a_load_may_be_carried_as(answer: Say) -> None:
    """Yes with its regime, its temperatures against that regime's limits, and its price."""
    text = answer("thermal_yes", question="can HV1 Trafo 3 carry 130 % for two hours at 35 degrees?")
    assert text.startswith(
        "**Yes, HV1 Trafo 3 can carry this as long-time emergency loading**: hot-spot 128.2 °C of 140 °C, top oil 92.1 °C of 115 °C; "
        "it costs 3.1 h of normal insulation life in 2 h, 1.55 times the normal rate."
    )
    assert "| Normal cyclic | no | hot-spot | 128.2 °C | 120 °C | after 1.1 h |" in text
    assert "| Short-time emergency | does not apply | hot-spot | 128.2 °C | 160 °C | – |" in text
    assert text.count("3.1 h of normal insulation life") == 1


def test_what_a_load_may_not_be_carried_as(answer: Say) -> None:
    """No with the widest limit that is broken, and when."""
    text = answer("thermal_no", question="can HV1 Trafo 3 carry 160 %?")
    assert text.startswith(
        "**No: HV1 Trafo 3 cannot carry this**; the hot-spot limit of long-time emergency loading (140 °C) is crossed after 47 min "
        "(hot-spot 151.3 °C, top oil 108.8 °C); it costs 8.8 days of normal insulation life in 2 h, 106 times the normal rate."
    )
    assert "| Normal cyclic | no | current | 160.0 % | 150 % | at once |" in text


def test_yes_answers_only_the_question_of_carrying(answer: Say) -> None:
    """'Will it exceed ...' must not be answered 'Yes, it can carry this'."""
    assert answer("thermal_yes", question="will it exceed 140 °C?").startswith("**HV1 Trafo 3 can carry this as")


@pytest.mark.parametrize(
    ("question", "point"),
    [
        ("how much life does it cost?", "**HV1 Trafo 3 uses 3.1 h of normal insulation life in 2 h"),
        ("how hot does it get?", "**HV1 Trafo 3 reaches hot-spot 128.2 °C of 140 °C and top oil 92.1 °C of 115 °C**; allowed as long-time"),
        (
            "how long can it carry that?",
            "**HV1 Trafo 3 may carry this as normal cyclic loading for 1.1 h (then hot-spot, 120 °C); "
            "as long-time emergency loading for all 2 h;",
        ),
        ("how many years are left?", "**How many years of insulation life HV1 Trafo 3 has left is not known: no record says"),
    ],
)
def test_the_question_decides_what_comes_first(answer: Say, question: str, point: str) -> None:
    """The same result, told from the end that was asked for."""
    assert answer("thermal_yes", question=question).startswith(point)


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("which transformer will overheat first and why?", "causes"),
        ("what is the remaining life of HV1 Trafo 1?", "years"),
        ("how long will HV1 Trafo 1 last?", "years"),
        ("how much life does it cost?", "life"),
        ("how fast does it age?", "life"),
        ("how hot is HV1 Trafo 1?", "temperature"),
        ("when does it reach its limit?", "time"),
        ("what helps?", "helps"),
        ("can HV1 Trafo 3 carry 130 % for two hours at 35 degrees?", ""),
        ("can you say how hot it gets?", "temperature"),
        ("which transformer is nearest to its limit at an ambient temperature of 35 °C?", ""),
    ],
)
def test_words_that_tell_what_is_wanted_first(question: str, focus: str) -> None:
    """Where the understanding says nothing of it, the words do; what it says goes before."""
    assert thermal_focus(Wish(question=question)) == focus
    assert thermal_focus(Wish(question=question, focus="life")) == "life"


def test_unknown_life_stays_unknown(answer: Say, changed: Change, told: Say) -> None:
    """No record, no years; and a study that does not ask is not a missing record."""
    text = answer("thermal_perhaps", focus="years")
    assert text.startswith("**How many years of insulation life HV1 Trafo 3 has left is not known: no record says since when it runs.**")
    assert not re.search(r"\d years", text)
    known = changed("thermal_yes", life_used_percent=34.5, life_used_by="replayed from its commissioning")
    assert "years" not in told(known).split("What this rests on")[0]
    asked = told(known, focus="years")
    assert "has left is not part of this study.** 34.5 % of the normal life is used so far" in asked


def test_the_least_years_of_all_are_told_first(answer: Say) -> None:
    """Asked of all, the one nearest to its end; unknown ones are never the least."""
    text = answer("thermal_hot", question="remaining life of our transformers?")
    assert text.startswith("**HV1 Trafo 4, the least of those listed, has about 4.3 years (90 %: 2.6 years to 8.9 years) of")
    assert "61.3 % of the normal life is used so far (replayed from 1994 at the load of the last year)." in text


def test_a_capped_figure_is_more_than(answer: Say) -> None:
    """What lies beyond what is looked at is no number of its own."""
    text = answer("thermal_hot", focus="years", element="EHV Trafo 1")
    assert text.startswith("**EHV Trafo 1 has more than 100 years (nineteen in twenty: more than 88 years) of insulation life left**")


def test_causes_of_another_transformer_are_left_out(answer: Say) -> None:
    """Asked of HV1 Trafo 3, the reasons of HV1 Trafo 4 answer nothing."""
    text = answer("thermal_hot", question="why is HV1 Trafo 3 hot?", element="HV1 Trafo 3")
    assert text.startswith("**HV1 Trafo 3 may reach")
    assert "Why:" not in text
    assert "polymerisation" not in text


def test_what_is_still_to_come_is_not_told_as_past(answer: Say) -> None:
    """The life a forecast costs is that of the coming days; that of a given load simply is in its hours."""
    assert "of normal insulation life in the next 30 days" in answer("thermal_hot", question="how much life did it lose last month?")
    assert "of normal insulation life in 2 h" in answer("thermal_yes", question="how much life does it cost?")


def test_one_path_of_many_tells_no_time(changed: Change, told: Say) -> None:
    """The regimes of an outlook are those of the explained path, named so, without a second date beside the interval of all."""
    refused = {"regimes": [{**changed("thermal_no").result["regimes"][0], "allowed": False, "minutes_to_limit": 114.0}]}
    text = told(changed("thermal_hot", refused))
    assert "on the explained path of HV1 Trafo 4" in text
    assert "Crossed" not in text
    assert "Crossed" in told(changed("thermal_no"))


def test_overloaded_is_a_question_of_carrying(answer: Say) -> None:
    """'Can it be overloaded' is answered by yes or no."""
    assert answer("thermal_yes", question="can trafo 3 be overloaded for two hours?").startswith("**Yes, ")


def test_years_are_told_with_the_growth_they_assume(changed: Change, told: Say) -> None:
    """Over decades growth counts most, so it stands beside the years; without any nothing is said of it."""
    growing = told(changed("thermal_hot", yearly_growth_percent=5.0), focus="years").partition("\n")[0]
    assert "with its usual load, which changes by 5.0 % a year, and weather" in growing
    assert "with its usual load and weather" in told(changed("thermal_hot", yearly_growth_percent=0.0), focus="years")


def test_how_paper_is_known_may_hold_numbers(changed: Change, told: Say) -> None:
    """What the study says of a measurement is quoted word for word, its numbers with it."""
    how = "from 0.4 ppm of furan in the oil; not aged since: constants are known only at 0.5 %"
    paper = {"now": 545.1, "how": how, "life_used_percent": 20.9, "years_to_end": None, "years_capped": False, "unverified": ""}
    for focus in ("", "paper"):
        assert f"({how})" in told(changed("thermal_hot", {"polymerisation": paper}), focus=focus)


def test_polymerisation_is_a_model_of_its_own(answer: Say) -> None:
    """In its own paragraph, labelled, with what is not verified in it."""
    (paragraph,) = [p for p in answer("thermal_hot").split("\n\n") if "polymerisation" in p]
    assert paragraph == (
        "By a separate model, never mixed with the ageing above, the degree of polymerisation of HV1 Trafo 4's paper is 640 now "
        "(measured in 2012, 655), 22.1 % of the paper's life used; about 45 years (90 %: 30 years to 80 years) are left by it. "
        "Not verified in the standard itself: pre-exponential factors and activation energy of 128 kJ/mol."
    )


def test_what_it_rests_on_is_never_hidden(answer: Say, any_thermal: str) -> None:
    """Load, ambient, assumptions and unverified constants close every answer."""
    last = answer(any_thermal).split("\n\n")[-1]
    assert last.startswith("What this rests on: Temperatures by IEC 60076-7:2018 clause 8.2.")
    for said in ("Load: ", "Ambient temperature: ", "Not verified in the standard itself: k21 = 3 of restricted oil flow"):
        assert said in last
    if any_thermal == "thermal_yes":
        assert "current of 1.8 for medium power transformers (short-time emergency)" in last
    if any_thermal == "thermal_hot":
        assert "Assumed, because no record tells it: cooling class ONAF from the rating of 300 MVA." in last


def test_without_regimes_no_verdict(changed: Change, told: Say) -> None:
    """A profile by another standard's model is told by its temperatures; nothing is allowed or forbidden."""
    text = told(changed("thermal_no", {"regimes": []}), "can it carry this?")
    assert text.startswith(
        "**HV1 Trafo 3 reaches hot-spot 151.3 °C (limit 120 °C) and top oil 108.8 °C (limit 105 °C)**; it costs 8.8 days"
    )


def test_no_transformer_at_all(changed: Change, told: Say) -> None:
    """A grid without one is told so, not by an empty table."""
    assert told(changed("thermal_safe", {"transformers": []})).startswith("**No transformer could be assessed.**")
    why = "This grid has no ratings, so no transformer could be assessed."
    assert told(changed("thermal_safe", {"transformers": [], "note": why})).startswith(f"**{why}**")


def test_transformers_left_out_are_told(changed: Change, told: Say) -> None:
    """A list that is not complete says so."""
    why = "HV1 Trafo 5 has no rating and was left out."
    assert f"\n\n{why}\n\n" in told(changed("thermal_safe", {"note": why}))


def test_temperatures_now_and_at_the_peak(answer: Say, changed: Change, told: Say) -> None:
    """Now, at the peak of the horizon, and the interval where there is one."""
    how_hot = answer("thermal_safe", question="how hot is it?", element="HV1 Trafo 4")
    assert how_hot.startswith(
        "**HV1 Trafo 4's hot-spot is 84.1 °C now and is expected to peak at 98.1 °C within 30 days** (limit 120 °C). "
        "The top oil peaks at 78.4 °C (limit 105 °C)."
    )
    between = told(changed("thermal_safe", hot_spot_peak_low_celsius=90.0), question="how hot is it?", element="HV1 Trafo 4")
    assert "(90 %: 90.0 °C to 106.3 °C; limit 120 °C)" in between


def test_the_paper_first_where_it_was_asked_for(answer: Say, changed: Change, told: Say) -> None:
    """Its strength, or that no record knows it."""
    assert "degree of polymerisation" in answer("thermal_hot", question="what is the DP of trafo 4?").split("\n\n")[0]
    unknown = told(changed("thermal_hot", {"polymerisation": None}), question="what is the DP of trafo 4?")
    assert unknown.startswith("**How strong the paper of HV1 Trafo 4 is, no record says**")
