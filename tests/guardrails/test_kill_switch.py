"""The kill switch: easy to press, audited, and on when in doubt."""

import pytest
from sqlalchemy import text

from guardrails import audit, kill_switch
from guardrails.database import reading
from guardrails.errors import NotAuthorised, WritesStopped


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
