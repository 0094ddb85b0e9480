"""Requests for a change: blocked with reasons, or waiting with effect, verdict and who must decide."""

from collections.abc import Callable

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import write_answer

Say = Callable[..., str]


def test_a_blocked_request_says_why_and_that_nothing_was_changed(answer: Say) -> None:
    """The reason with its numbers, what else is lost, and what would work."""
    text = answer("blocked", focus="proposal")
    assert text.startswith("**Blocked, nothing was changed.** Request 8 (open HV1 Line 12) does not reach the approval queue:")
    assert "It would take 10.0 MW of load off supply" in text
    assert "It would cut off 37.3 MW of generation" in text
    assert "What would work: supplying these loads another way first" in text
    assert "/approvals" not in text


def test_an_order_that_would_pass_is_named(call: Callable[..., Call]) -> None:
    """Instead of what else would work; that none passes is said only where all were tried."""

    def written(**other_order: object) -> str:
        blocked = call("blocked")
        told = blocked.model_copy(update={"result": {**blocked.result, "other_order": other_order}})
        return ground(write_answer([told], "", {"focus": "proposal"}), [told], "", []).answer

    found = written(actions=["close T Line 2", "open T Line 1"], tried=1, all_tried=False)
    assert found.endswith("In the order close T Line 2, then open T Line 1 it would pass.")
    vain = written(actions=[], tried=5, all_tried=True)
    assert "No other order of these actions would pass (5 tried)." in vain
    assert "What would work" in vain
    assert "order" not in written(actions=[], tried=120, all_tried=False).replace("reorder", "")


def test_reasons_begin_with_what_is_wrong_at_once(answer: Say) -> None:
    """What an outage would add comes after what the change itself does."""
    text = answer("blocked_twice", focus="proposal")
    assert text.index("HV1 Line 75 would be loaded to 155.6 %") < text.index("Losing HV1 Trafo 3")


def test_a_value_outside_its_range(answer: Say) -> None:
    """The range is named by the gate."""
    text = answer("blocked_tap", question="set the tap of HV1 Trafo 1 to 40")
    assert "HV1 Trafo 1 has the positions -16 to 16; 40 lies outside." in text
    assert text.endswith("What would work: a position inside the range.")


def test_a_pending_proposal_says_what_who_and_until_when(answer: Say) -> None:
    """The exact action and breakers, effect, verdict, least margins, and the link to the card."""
    text = answer("pending", focus="proposal")
    assert text.startswith("**Proposal 7 waits for approval: open HV1 Line 14.** Nothing has been done yet.")
    assert "Breakers: HV1 Switch 55 and HV1 Switch 57." in text
    assert "Verdict: **warn**" in text
    assert "| voltage-110 | HV1 Bus 85 | 1.1164 pu | 1.1164 pu | 1.1180 pu | 0.0016 pu |" in text
    assert text.endswith("A different, authorised person must decide before 18:15 UTC: [open the card](/approvals#7)")


def test_a_critical_proposal_needs_two_people(answer: Say) -> None:
    """Neither of them the requester."""
    assert "Two different authorised people, neither of them the requester, must decide" in answer("critical")


def test_the_queue_is_a_table(answer: Say) -> None:
    """Who asked for what, and until when."""
    text = answer("queue", focus="queue")
    assert text.startswith("**3 proposals wait for approval.**")
    assert "| 7 | open HV1 Line 14 | olga | warn | 18:15 UTC |" in text


def test_an_empty_queue_is_one_sentence() -> None:
    """Nothing waits."""
    empty = Call(id="E1", tool="list_proposals", result={"proposals": [], "total": 0, "status": "pending"})
    assert write_answer([empty], "", {"focus": "queue"}) == "**The approval queue is empty.**"
