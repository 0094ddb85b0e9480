"""What was decided, executed, checked again and noted must be what the events record; a change behind their back is found."""

import pytest
from sqlalchemy import Engine, create_engine, text

from grid_models.actions import Action
from guardrails import audit
from guardrails.interruption import resolve_interrupted
from guardrails.transitions import Status

OPEN_TWO = (Action(kind="open", element="Line 9-14 (1)"), Action(kind="open", element="Line 6-13 (1)"))
LATER = "'2027-01-01 00:00:00+00:00'"


def refuse_the_second(action: Action) -> None:
    if action.element == "Line 6-13 (1)":
        raise OSError("the breaker is blocked")


@pytest.fixture
def told(room, finding) -> Engine:
    """1 executed, 2 failed at its second step, 3 stale with its verdict of then, 4 rejected, 5 approved."""
    room.carry_out(room.approve(room.submit()))
    room.plant.before_execute = refuse_the_second
    room.carry_out(room.approve(room.submit(actions=OPEN_TWO)))
    stale = room.approve(room.submit())
    room.now_found = (finding(outcome="fail"),)
    assert room.carry_out(stale).status is Status.STALE
    room.reject(room.submit())
    room.approve(room.submit())
    assert audit.verify(room.engine).ok
    return room.engine


def change(engine: Engine, statement: str) -> None:
    """As a stranger with every right, whom no foreign key holds up: SQLite's are off unless asked for."""
    stranger = create_engine(engine.url)
    with stranger.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
    stranger.dispose()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE aeip_step SET status = 'done' WHERE proposal_id = 2", "executed steps stored for proposal 2"),
        ("UPDATE aeip_step SET status = 'started', finished_at = NULL WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        ("UPDATE aeip_step SET note = '' WHERE proposal_id = 2", "executed steps stored for proposal 2"),
        ("UPDATE aeip_step SET key = 'other' WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        ('UPDATE aeip_step SET "index" = 7 WHERE proposal_id = 1', "executed steps stored for proposal 1"),
        (f"UPDATE aeip_step SET started_at = {LATER} WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        (f"UPDATE aeip_step SET finished_at = {LATER} WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        ("UPDATE aeip_step SET proposal_id = 4 WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        ("DELETE FROM aeip_step WHERE proposal_id = 1", "executed steps stored for proposal 1"),
        ("UPDATE aeip_decision SET reason = 'ordered to' WHERE proposal_id = 4", "decision stored for proposal 4"),
        ("UPDATE aeip_decision SET verdict_hash = 'x' WHERE proposal_id = 1", "decision stored for proposal 1"),
        (f"UPDATE aeip_decision SET at = {LATER} WHERE proposal_id = 1", "decision stored for proposal 1"),
        ("UPDATE aeip_proposal SET recheck = NULL WHERE id = 3", "verdict at execution stored for proposal 3"),
        ("UPDATE aeip_proposal SET recheck = replace(recheck, 'fail', 'pass') WHERE id = 3", "verdict at execution stored for proposal 3"),
        ("UPDATE aeip_proposal SET recheck = verdict WHERE id = 4", "verdict at execution stored for proposal 4"),
        ("UPDATE aeip_proposal SET outcome_note = '' WHERE id = 2", "outcome stored for proposal 2"),
        ("UPDATE aeip_proposal SET outcome_note = 'well done' WHERE id = 1", "outcome stored for proposal 1"),
        ("UPDATE aeip_proposal SET outcome_note = 'executed by hand' WHERE id = 5", "outcome stored for proposal 5"),
        ("DELETE FROM aeip_proposal WHERE id = 4", "Proposal 4 has a history, but is not stored any more"),
        ("UPDATE aeip_decision SET proposal_id = 99 WHERE proposal_id = 99 OR proposal_id = 4", "proposal 4"),
        ("UPDATE aeip_proposal SET created_at = 'yesterday' WHERE id = 1", "cannot be read"),
        ("UPDATE aeip_step SET finished_at = 'soon' WHERE proposal_id = 1", "cannot be read"),
    ],
)
def test_a_changed_execution_is_found(told: Engine, statement: str, says: str) -> None:
    """The chain is whole, so no row of it is named."""
    if "cannot be read" in says and told.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes only times as times")
    change(told, statement)
    report = audit.verify(told)
    assert (report.ok, report.first_broken_seq) == (False, None)
    assert says in report.explanation


def test_a_step_that_was_never_recorded_is_found(told: Engine) -> None:
    """Whoever adds a row to what was executed."""
    copy = "SELECT 99, 4, 0, '4-0-x', status, expected, note, started_at, finished_at FROM aeip_step WHERE proposal_id = 1"
    change(told, f'INSERT INTO aeip_step (id, proposal_id, "index", key, status, expected, note, started_at, finished_at) {copy}')
    assert "executed steps stored for proposal 4" in audit.verify(told).explanation


@pytest.mark.parametrize("deaf", [False, True])
def test_an_interrupted_execution_agrees_with_its_events(room, deaf: bool) -> None:
    """While it runs, and after the next owner has looked at the plant; a note that begins with ALARM belongs to a failure only."""
    proposal = room.approve(room.submit())
    room.plant.deaf = deaf
    room.plant.before_execute = lambda action: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        room.carry_out(proposal)
    assert audit.verify(room.engine).ok
    room.plant.before_execute = lambda action: None
    room.plant.execute(proposal.actions[0], "by hand")
    found = resolve_interrupted(room.ledger, room.plant)[0]
    assert found.status == ("failed" if deaf else "executed")
    assert audit.verify(room.engine).ok
    note = found.outcome_note.removeprefix("ALARM: ") if deaf else f"ALARM: {found.outcome_note}"
    change(room.engine, f"UPDATE aeip_proposal SET outcome_note = '{note}'")
    assert audit.verify(room.engine).ok is deaf  # the event records a failure's note without the word


def test_steps_are_not_compared_with_those_of_another_proposal(room) -> None:
    """Two executions of the same order have each their own."""
    for _ in range(2):
        room.carry_out(room.approve(room.submit()))
        room.plant.state = room.plant.state.apply([Action(kind="close", element="Line 6-12 (1)")])
    assert audit.verify(room.engine).ok
    change(room.engine, "UPDATE aeip_step SET proposal_id = 3 - proposal_id")
    assert not audit.verify(room.engine).ok
