"""Questions about connections, causes and deeper outages: asked for or only imagined, and how one leads to the next."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]
OPEN_54 = {"kind": "open", "element": "HV1 Line 54"}


def test_asking_how_to_isolate_is_no_order(converse: Start) -> None:
    """The question is studied; the order, in nearly the same words, becomes a proposal."""
    asked, ordered = converse(), converse()
    asked.ask("how do I isolate line 12?")
    ordered.ask("isolate line 12")
    assert (asked.last.tool, asked.last.args) == ("topology", {"query": "isolate", "element": "HV1 Line 12"})
    assert ordered.last.tool == "propose_action"


def test_what_if_changes_go_into_the_question(converse: Start) -> None:
    """The path is sought without the line; it is not an end of the path."""
    talk = converse("case39")
    talk.ask("If line 16-17 trips, how is bus 16 connected to bus 17?")
    wanted = {"query": "path", "element": "Bus 16", "to": "Bus 17", "changes": [{"kind": "open", "element": "Line 16-17 (1)"}]}
    assert talk.last.args == wanted


def test_a_substation_is_a_place(converse: Start) -> None:
    """The source's own name of a substation stands for an element."""
    talk = converse()
    talk.ask("which lines leave substation 3, and what is attached to substation 3?")
    assert talk.last.args == {"query": "neighbours", "element": "EHV_HV_substation_3"}


def test_areas_are_named_by_number(converse: Start) -> None:
    """'Areas 1 and 2' are two areas, not two elements."""
    talk = converse("case39")
    talk.ask("tie lines between areas 1 and 2")
    assert talk.last.args == {"query": "ties", "element": "1", "to": "2"}


def test_a_path_needs_two_ends(converse: Start) -> None:
    """The missing ends are asked for, one message each."""
    talk = converse("case39")
    talk.ask("show me the shortest path")
    assert talk.told["status"] == "needs_clarification"
    talk.ask("bus 3")
    assert talk.told["status"] == "needs_clarification"
    talk.ask("bus 9")
    assert talk.last.args == {"query": "path", "element": "Bus 3", "to": "Bus 9"}


def test_another_end_of_the_same_path(converse: Start) -> None:
    """'Instead' replaces the end, 'from' the beginning, and the measure may change."""
    talk = converse("case39")
    talk.ask("path from bus 5 to bus 16")
    talk.ask("show the path to bus 9 instead")
    assert talk.last.args == {"query": "path", "element": "Bus 5", "to": "Bus 9"}
    talk.ask("and from bus 3?")
    talk.ask("and by impedance?")
    assert talk.last.args == {"query": "path", "element": "Bus 3", "to": "Bus 9", "metric": "impedance"}


def test_why_explains_what_was_spoken_of(converse: Start) -> None:
    """The most loaded line, then the one that is asked for next."""
    talk = converse()
    talk.ask("which line is the most loaded?")
    talk.ask("why?")
    assert (talk.last.tool, talk.last.args) == ("explain_loading", {"element": "HV1 Line 54"})
    talk.ask("and trafo 3?")
    assert talk.last.args == {"element": "HV1 Trafo 3"}


def test_why_after_a_what_if_explains_its_outcome(converse: Start) -> None:
    """What failed carries nothing: the branch that is loaded by it is explained, with the same change."""
    talk = converse()
    talk.ask("what if line 54 trips?")
    talk.ask("why?")
    assert talk.last.args == {"element": "HV1 Line 75", "changes": [OPEN_54]}


@pytest.mark.parametrize("question", ["why are the voltages so high?", "what causes the high voltage at HV1 Bus 85?"])
def test_voltages_are_not_explained(converse: Start, question: str) -> None:
    """There is no study of it: said, not replaced by another one."""
    talk = converse(meaning=None)
    reply = talk.ask(question)
    assert talk.told["status"] == "refused"
    assert "Explaining voltages" in reply.content


def test_why_after_voltages_is_about_voltages(converse: Start) -> None:
    """A bare 'why' belongs to the answer before."""
    talk = converse()
    talk.ask("any voltages out of band?")
    assert "Explaining voltages" in talk.ask("why?").content


def test_the_same_study_by_dc_and_deeper(converse: Start) -> None:
    """Method, depth and kind are replaced one by one; the rest stays."""
    talk = converse("case39")
    talk.ask("worst outages with line 16-17 out")
    changes = [{"kind": "open", "element": "Line 16-17 (1)"}]
    assert talk.last.args == {"changes": changes}
    talk.ask("and in DC?")
    assert talk.last.args == {"changes": changes, "method": "dc"}
    talk.ask("and the generators?")
    assert talk.last.args == {"changes": changes, "method": "dc", "elements": ["generators"]}
    talk.ask("and the worst pair?")
    assert talk.last.args == {"changes": changes, "method": "dc", "level": 2}


def test_outages_have_no_fast_decoupled_method(converse: Start) -> None:
    """Refused rather than studied by another method in silence."""
    talk = converse()
    talk.ask("N-1 by the fast decoupled method")
    assert talk.told["status"] == "refused"


def test_a_failing_busbar_takes_all_along(converse: Start) -> None:
    """A busbar and a line that fail together are one outage."""
    talk = converse("case39")
    talk.ask("what if bus 16 and line 5-6 fail together?")
    assert talk.last.args == {"outages": [["Bus 16", "Line 5-6 (1)"]]}


def test_pairs_of_named_elements(converse: Start) -> None:
    """Three lines make three pairs; two that fail at once are one what-if."""
    talk = converse("case39")
    talk.ask("double contingencies among lines 1-2, 2-3 and 5-6")
    assert talk.last.args == {"elements": ["Line 1-2 (1)", "Line 2-3 (1)", "Line 5-6 (1)"], "level": 2}
    talk.ask("simulate a simultaneous outage of line 1-2 and line 5-6")
    assert talk.last.tool == "power_flow"


def test_three_at_once_are_refused(converse: Start) -> None:
    """Not built: said with what would work."""
    talk = converse(meaning=None)
    assert "three and more" in talk.ask("run N-3").content
