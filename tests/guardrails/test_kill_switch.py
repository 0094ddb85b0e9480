"""The kill switch: easy to press, audited, and on when in doubt."""

import pytest
from sqlalchemy import text

from guardrails import audit, kill_switch
from guardrails.database import reading
from guardrails.errors import ConfirmationMissing, NotAuthorised, WritesStopped


def test_stop_and_resume_are_audited(room) -> None:
    """With who did it and why."""
    kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    found = kill_switch.position(room.engine)
    assert (found.stopped, found.person, found.reason) == (True, "olga", "smoke")
    kill_switch.resume(room.engine, room.person("sam"), "false alarm", now=room.clock())
    assert not kill_switch.position(room.engine).stopped
    events = list(audit.export(room.engine))[-2:]
    assert [(e.event, e.person, e.details["reason"]) for e in events] == [
        ("writes stopped", "olga", "smoke"),
        ("writes resumed", "sam", "false alarm"),
    ]
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("name", ["olga", "ada", "vera", "local", "nobody"])
def test_only_a_supervisor_resumes(room, name: str) -> None:
    """Whatever role the caller claims."""
    kill_switch.stop(room.engine, room.person("local"), "smoke", now=room.clock())
    claimed = room.person("sam").model_copy(update={"name": name})
    with pytest.raises(NotAuthorised):
        kill_switch.resume(room.engine, claimed, "go on", now=room.clock())
    assert kill_switch.position(room.engine).stopped


def test_a_viewer_does_not_stop(room) -> None:
    """Looking on is not operating."""
    with pytest.raises(NotAuthorised, match="vera is viewer"):
        kill_switch.stop(room.engine, room.person("vera"), "x", now=room.clock())


def test_a_switch_that_cannot_be_read_is_on(room) -> None:
    """Fail closed: a lost row stops the writes."""
    with room.engine.begin() as connection:
        connection.execute(text("DELETE FROM aeip_switch"))
    with reading(room.engine) as session:
        assert kill_switch.is_stopped(session)
        with pytest.raises(WritesStopped, match="cannot be read"):
            kill_switch.require_running(session)


@pytest.mark.parametrize("reason", ["", "  \n", "\x00"])
def test_going_on_needs_a_reason(room, reason: str) -> None:
    """Stopping does not: there may be no time to type."""
    kill_switch.stop(room.engine, room.person("olga"), reason, now=room.clock())
    assert kill_switch.position(room.engine).reason == "no reason given"
    with pytest.raises(ConfirmationMissing, match="needs a reason"):
        kill_switch.resume(room.engine, room.person("sam"), reason, now=room.clock())
    assert kill_switch.position(room.engine).stopped
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize(
    ("name", "stop", "reason"),
    [("vera", True, "x"), ("nobody", True, "x"), ("olga", False, "x"), ("local", False, "x"), ("sam", False, "")],
)
def test_refused_attempts_are_in_the_audit(room, name: str, stop: bool, reason: str) -> None:
    """With who tried, what, and the sentence they were told; the switch stays where it was."""
    if not stop:
        kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    before = kill_switch.position(room.engine)
    turn = kill_switch.stop if stop else kill_switch.resume
    with pytest.raises((NotAuthorised, ConfirmationMissing)) as refused:
        turn(room.engine, room.person(name), reason, now=room.clock())
    last = list(audit.export(room.engine))[-1]
    assert (last.event, last.person) == ("switch refused", name)
    assert last.details == {"stop": stop, "reason": reason, "refusal": str(refused.value)}
    assert kill_switch.position(room.engine) == before
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("change", ["reason = 'drill'", "person = 'sam'", "stopped = NOT stopped"])
def test_a_switch_changed_without_an_event_is_found(room, change: str) -> None:
    """Position, person and reason are those of the last event."""
    kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    with room.engine.begin() as connection:
        connection.execute(text(f"UPDATE aeip_switch SET {change}"))
    assert "kill switch" in audit.verify(room.engine).explanation
