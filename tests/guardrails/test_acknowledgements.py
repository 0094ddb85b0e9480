"""Acknowledgements: by whom the ledger knows, in the audit, and provable."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from guardrails import audit, kill_switch
from guardrails.acknowledgements import acknowledge, acknowledgements
from guardrails.database import open_database
from guardrails.errors import InvalidAcknowledgement, NotAuthorised

TOLD = datetime(2016, 8, 12, 9, 45, tzinfo=UTC)
KEY = "overload:branches:HV1 Line 54"


def test_an_acknowledgement_is_stored_and_audited(room, database_url: str) -> None:
    """With who, when, which telling of the alarm and why; another process reads the same."""
    made = acknowledge(room.engine, "case14", KEY, "olga", "crew is on its way", room.clock(), told_at=TOLD)
    assert (made.person, made.note, made.at, made.told_at) == ("olga", "crew is on its way", room.clock(), TOLD)
    other = open_database(database_url)
    assert acknowledgements(other, "case14") == {KEY: made}
    other.dispose()
    last = list(audit.export(room.engine))[-1]
    assert (last.event, last.person, last.details["key"]) == ("alarm acknowledged", "olga", KEY)
    assert audit.verify(room.engine).ok


def test_the_last_one_counts_and_all_are_audited(room) -> None:
    """A worsened alarm is acknowledged again, by another person."""
    acknowledge(room.engine, "case14", KEY, "olga", "", room.clock(), told_at=TOLD)
    room.clock.advance(minutes=5)
    acknowledge(room.engine, "case14", KEY, "sam", "", room.clock(), told_at=TOLD + timedelta(minutes=5))
    found = acknowledgements(room.engine, "case14")[KEY]
    assert (found.person, found.told_at) == ("sam", TOLD + timedelta(minutes=5))
    assert [e.person for e in audit.export(room.engine) if e.event == "alarm acknowledged"] == ["olga", "sam"]
    assert audit.verify(room.engine).ok


def test_grids_are_apart(room) -> None:
    """The same key in another grid is another alarm."""
    acknowledge(room.engine, "case14", KEY, "olga", "", room.clock(), told_at=TOLD)
    assert acknowledgements(room.engine, "case39") == {}


@pytest.mark.parametrize("name", ["olga", " OLGA", "sam", "ada", "local"])
def test_everyone_who_operates_may(room, name: str) -> None:
    """Operators, supervisors, administrators, and who sits at the command line; under the recorded spelling."""
    assert acknowledge(room.engine, "case14", KEY, name, "", room.clock(), told_at=TOLD).person == name.strip().lower()


@pytest.mark.parametrize("name", ["vera", "nobody", ""])
def test_viewers_and_strangers_may_not(room, name: str) -> None:
    """And nothing is recorded."""
    before = audit.head(room.engine)
    with pytest.raises(NotAuthorised):
        acknowledge(room.engine, "case14", KEY, name, "", room.clock(), told_at=TOLD)
    assert acknowledgements(room.engine, "case14") == {}
    assert audit.head(room.engine) == before


def test_stopped_writes_do_not_forbid_it(room) -> None:
    """To know of an alarm changes nothing of the grid."""
    kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    acknowledge(room.engine, "case14", KEY, "olga", "", room.clock(), told_at=TOLD)
    assert KEY in acknowledgements(room.engine, "case14")


def test_an_alarm_without_name_or_a_time_without_zone_is_refused(room) -> None:
    """In one sentence that says what works."""
    with pytest.raises(InvalidAcknowledgement, match="key of a standing alarm"):
        acknowledge(room.engine, "case14", "", "olga", "", room.clock(), told_at=TOLD)
    with pytest.raises(InvalidAcknowledgement, match="with their zone"):
        acknowledge(room.engine, "case14", KEY, "olga", "", room.clock(), told_at=TOLD.replace(tzinfo=None))


@pytest.mark.parametrize("tampering", ["UPDATE aeip_acknowledgements SET person = 'sue'", "DELETE FROM aeip_acknowledgements"])
def test_a_changed_acknowledgement_shows(room, tampering: str) -> None:
    """The audit tells that the table is not what was recorded."""
    acknowledge(room.engine, "case14", KEY, "olga", "", room.clock(), told_at=TOLD)
    with room.engine.begin() as connection:
        connection.execute(text(tampering))
    report = audit.verify(room.engine)
    assert not report.ok
    assert KEY in report.explanation


def test_a_ledger_from_before_gets_the_table(room, database_url: str) -> None:
    """Opening it again makes the table, and the audit still holds."""
    with room.engine.begin() as connection:
        connection.execute(text("DROP TABLE aeip_acknowledgements"))
    again = open_database(database_url)
    acknowledge(again, "case14", KEY, "olga", "", room.clock(), told_at=TOLD)
    assert audit.verify(again).ok
    again.dispose()
