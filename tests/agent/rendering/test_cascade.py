"""How a cascade is told: the point in the order of the question, nothing invented, nothing hidden."""

import re
from collections.abc import Callable

import pytest

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import write_answer
from agent.rendering.cascade_focus import cascade_focus
from agent.rendering.wish import Wish
from tools.cascade_result import CascadeResult

Say = Callable[..., str]
Change = Callable[..., Call]
FOCI = ("", "time", "loss", "stops", "risk", "islands", "pathway")


def test_the_stored_results_have_the_form_of_today(call: Callable[..., Call], any_cascade: str) -> None:
    """A field that the study renames or drops makes the stored result invalid, and these tests worthless."""
    stored = {key: value for key, value in call(any_cascade).result.items() if key != "headline"}
    assert CascadeResult.model_validate(stored).model_dump(mode="json") == stored


@pytest.mark.parametrize("focus", FOCI)
def test_every_number_is_grounded(answer: Say, any_cascade: str, focus: str) -> None:
    """However it was asked; the fixture checks each number against its evidence."""
    assert "(no value)" not in answer(any_cascade, focus=focus)


@pytest.mark.parametrize("focus", FOCI)
def test_no_number_is_typed(call: Callable[..., Call], any_cascade: str, focus: str) -> None:
    """Without its markers an answer holds no number that the result does not say word for word."""
    bare = re.sub("⟦[^⟧]*⟧", "", write_answer([call(any_cascade)], "", {"focus": focus}))
    assert ground(bare, [call(any_cascade)], "", []).unsupported_numbers == ()


def test_a_cascade_is_told_in_one_sentence(answer: Say) -> None:
    """What trips first, when and why, how many in all, what is lost, how it ends, and what would have stopped it."""
    assert answer("cascade_spreads").startswith(
        "**Losing HV1 Line 54 and HV1 Line 75 spreads: HV1 Line 12 trips after 12.4 s (overcurrent SI, 156.0 %), 7 trips in all; "
        "84.2 MW of load (12.0 %) are lost and it ends after 3.2 min (quiet)**. "
        "To cap HV1 Sgen 54 at 20 MW after 10 s would leave no further trip and no load lost.\n\n"
    )


def test_what_does_not_spread_is_told_so(answer: Say) -> None:
    """Without a relay there is no timeline; what is lost at once is no spreading, and how long was looked is told."""
    quiet = answer("cascade_holds")
    assert quiet.startswith(
        "**Losing HV1 Line 14 does not spread: no relay acts within 60 min and nothing is lost**.\n\nWhat this rests on: "
    )
    assert answer("cascade_radial").startswith(
        "**Losing HV1 Line 12 does not spread: no relay acts within 60 min, "
        "but 11.0 MW of load and 37.3 MW of generation are lost with it**."
    )


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("quiet", "it ends after 3.2 min (quiet)"),
        ("blackout", "nothing is supplied after 3.2 min (blackout)"),
        ("horizon", "it is not over after 3.2 min (horizon)"),
        ("rounds", "the simulation stopped after 3.2 min at its largest number of steps, so more may follow"),
    ],
)
def test_how_it_ends(altered: Change, told: Say, ends: str, words: str) -> None:
    """A simulation that was cut off is no end of the cascade."""
    assert f"{words}**." in told(altered("cascade_spreads", ends=ends))


def test_a_blackout_without_a_relay_is_not_told_as_holding(altered: Change, told: Say) -> None:
    """Nothing trips where nothing is supplied any more; that is no good news."""
    text = told(altered("cascade_blackout", trips=0, events=[], first_trip_s=None))
    assert text.startswith("**Losing Line 8-9 (1) is a blackout without any relay acting: 4242.0 MW of load (100.0 %) are lost**.")


def test_a_first_trip_that_is_not_listed_is_told_by_its_time(altered: Change, told: Say, call: Callable[..., Call]) -> None:
    """Many first outages fill a short list of events before any trip."""
    short = call("cascade_spreads").result["events"][:2]
    text = told(altered("cascade_spreads", events=short))
    assert "spreads: the first relay acts after 12.4 s, 7 trips in all;" in text
    many = told(altered("cascade_radial", events_total=3))
    assert "The first 2 of 3 events, if nobody acts:" in many


def test_the_timeline_says_when_what_why_and_what_is_lost(answer: Say) -> None:
    """One line an event, in the unit of time that reads best."""
    rows = [line for line in answer("cascade_spreads").splitlines() if line.startswith("|")]
    assert rows[0] == "| After | What | Why | Loading | Load lost | Generation lost |"
    assert "| 0 s | HV1 Line 54 fails | initial outage | – | – | – |" in rows
    assert "| 44.1 s | HV1 Line 33 trips | distance | 203.4 % | 31.0 MW | 94.2 MW |" in rows
    assert "| 45 s | HV1 Load 17: load is shed | balance | – | 8.3 MW | – |" in rows
    assert "| 3.2 min | The part around HV1 Bus 41 loses its supply | balance | – | 32.5 MW | – |" in rows


def test_islands_pathway_and_remedies_follow(answer: Say) -> None:
    """Parts with what holds them, each step of the overload, each action with what it leaves."""
    text = answer("cascade_spreads")
    assert "| HV1 Bus 3 | 51 | yes | 617.5 MW | 890.2 MW | -260.4 MW | HV1 Infeed 1 |" in text
    assert "| HV1 Bus 41 | 6 | **no** | 0.0 MW |" in text
    assert "- HV1 Line 54 → HV1 Line 12 (78.6 % → 156.0 %), trips after 12.4 s\n" in text
    assert (
        "the best of 46 tried, simulated one at a time; operators are taken to act 0.2 min after the outage; nothing has been done:" in text
    )
    assert "| cap HV1 Sgen 54 at 20 MW | after 10 s | yes | none | none |\n| open HV1 Line 14 | at once | no | 3 | 12.4 MW |" in text


@pytest.mark.parametrize(
    ("question", "point", "section"),
    [
        ("when does the first relay trip?", "**HV1 Line 12 trips after 12.4 s (overcurrent SI, 156.0 %), the first relay", "What happens"),
        ("how much load is lost?", "**84.2 MW of load are lost (12.0 % of the 701.7 MW supplied before), 81.6 MWh to the", "What happens"),
        (
            "what would stop it?",
            "**To cap HV1 Sgen 54 at 20 MW after 10 s would leave no further trip and no load lost instead of",
            "What would have",
        ),
        (
            "how likely is that?",
            "**With hidden failures of relays it spreads in 23.4 % of 1000 samples**; 30.7 MW of load",
            "An exposed relay",
        ),
        ("which islands are left?", "**At the end the grid is in 2 parts, 1 of them without supply**; 84.2 MW", "Parts of the grid"),
        (
            "why does it spread?",
            "**It spreads because losing HV1 Line 54 and HV1 Line 75 loads HV1 Line 12 from 78.6 % to 156.0 %, which",
            "How the overload",
        ),
    ],
)
def test_the_question_decides_what_comes_first(answer: Say, question: str, point: str, section: str) -> None:
    """The same result, told from the end that was asked for."""
    parts = answer("cascade_spreads", question=question).split("\n\n")
    assert parts[0].startswith(point)
    assert parts[1].startswith(section)


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("what happens when HV1 Line 54 and 75 trip and nobody acts?", ""),
        ("would losing HV1 Load 3 and HV1 Line 5 cascade?", ""),
        ("how fast does it go?", "time"),
        ("how long do we have before the first trip?", "time"),
        ("how much load do we lose if lines 54 and 75 trip?", "loss"),
        ("what could operators do?", "stops"),
        ("what is the risk of losing lines 54 and 75?", "risk"),
        ("does the grid split?", "islands"),
        ("along which path does it propagate?", "pathway"),
    ],
)
def test_words_that_tell_what_is_wanted_first(question: str, focus: str) -> None:
    """Where the understanding says nothing of it, the words do; what it says goes before."""
    assert cascade_focus(Wish(question=question)) == focus
    assert cascade_focus(Wish(question=question, focus="loss")) == "loss"


def test_no_remedy_is_said_as_it_is(answer: Say, altered: Change, told: Say) -> None:
    """Not needed, not found and not tried are three things."""
    assert answer("cascade_holds", focus="stops").startswith("**Nothing has to be stopped: no relay acts.**")
    assert answer("cascade_blackout", focus="stops").startswith("**None of 46 single actions that were tried stops it or saves load**;")
    untried = told(altered("cascade_spreads", stops=[], stops_tried=0), focus="stops")
    assert untried.startswith(
        "**No action that could stop it was tried**: operators are taken to act 0.2 min after the outage, and it ends"
    )
    assert (
        answer("cascade_blackout").count("None of 46 single actions") == answer("cascade_blackout", focus="stops").count("None of 46") == 1
    )


def test_a_remedy_that_does_not_stop_it_says_what_is_left(altered: Change, told: Say, call: Callable[..., Call]) -> None:
    """Fewer trips are not none, and what no operator could do is said to be so."""
    second = call("cascade_spreads").result["stops"][1:]
    assert "To open HV1 Line 14 at once, which no operator could, would leave 3 further trips and 12.4 MW of load lost." in told(
        altered("cascade_spreads", stops=second)
    )


def test_a_probability_comes_with_its_source(answer: Say) -> None:
    """Risk is probability times consequence; who says the probability, and what of it is not verified."""
    text = answer("cascade_spreads", focus="risk")
    assert "302.6 MW in the worst. Such outages happen 0.003 per year, which makes a risk of 0.09 MWh per year.\n\n" in text
    sources = "Sources: hidden failures: engineering judgement; outages: counted by a utility."
    assert f"fails with a probability of 0.02. {sources} Not verified: the hidden-failure" in text
    assert text.count("1000 samples") == 1
    assert "not documented, so no risk a year is told." in answer("cascade_blackout", focus="risk")
    assert "one run without hidden failures of relays does not say" in answer("cascade_radial", focus="risk")


def test_what_it_rests_on_is_never_hidden(answer: Say) -> None:
    """DC steps, ratings, changes, assumptions and unverified settings close every answer."""
    last = answer("cascade_spreads").split("\n\n")[-1]
    assert last.startswith(
        "What this rests on: AC flows, 9 steps, of which 2 had no AC solution: DC flows stand in there, without voltages and losses. "
        "Assumed: pickup at 120 % of the permanent rating"
    )
    assert last.endswith("Not verified: overcurrent settings are defaults by voltage level, not read from relays.")
    assert "Ratings of this grid are not usable; assumed from its flows." in answer("cascade_blackout")
    assert "Changes studied: scale loads by 1.1." in answer("cascade_radial")


def test_a_remedy_that_changes_nothing_is_none(altered: Change, told: Say, call: Callable[..., Call]) -> None:
    """The same load lost after the same trips; where only trips are saved, that no load is saved with them is told."""
    same = {**call("cascade_spreads").result["stops"][0], "lost_load_mw": 84.2, "trips": 9}
    assert told(altered("cascade_spreads", stops=[same]), focus="stops").startswith("**None of 46 single actions")
    fewer = told(altered("cascade_spreads", stops=[{**same, "trips": 0}]), focus="stops")
    assert fewer.startswith(
        "**To cap HV1 Sgen 54 at 20 MW after 10 s would leave no further trip and 84.2 MW of load lost, as many as without"
    )


def test_without_ratings_nothing_is_called_safe(altered: Change, told: Say) -> None:
    """Where no overload can be judged, no relay that acts is no good news."""
    text = told(altered("cascade_holds", ratings_usable=False))
    assert text.startswith("**Whether losing HV1 Line 14 spreads by overload cannot be said: ratings are not usable**; no other relay acts")
    assert "No overload was judged, so more may trip than is told." in told(altered("cascade_spreads", ratings_usable=False))


def test_a_short_list_of_events_is_told_as_a_part(altered: Change, told: Say, call: Callable[..., Call]) -> None:
    """Where only the first outages are listed and more happened, the table says of how many."""
    short = told(altered("cascade_spreads", events=call("cascade_spreads").result["events"][:2]))
    assert "The first 2 of 11 events, if nobody acts:" in short


def test_real_cascades_are_told(answer: Say) -> None:
    """Of the default grid's twin lines and of a deep one on 39 buses, as the study found them."""
    assert answer("cascade_twin").startswith(
        "**Losing HV1 Line 54 spreads: HV1 Line 75 trips after 11.7 s (overcurrent IEC SI, 155.6 %), 2 trips in all; "
        "20.3 MW of load (19.4 %) are lost and it ends after 20.2 min (quiet)**."
    )
    why = answer("cascade_deep", focus="pathway").split("\n\n")[0]
    assert why == (
        "**It spreads because losing Line 16-17 (1) and Line 21-22 (1) loads Line 23-24 (1) from 56.4 % to 159.6 %, "
        "which trips after 5.0 s**; that in turn loads Line 14-15 (1) to 141.3 %."
    )
