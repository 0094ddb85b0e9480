"""Accounts: an administrator changes them, everybody else is refused, and both are in the audit."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from guardrails import audit, kill_switch, people, personnel
from guardrails.errors import InvalidPerson, NotAuthorised
from guardrails.people import Role
from guardrails.scope import Scope

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHANGES: dict[str, Callable[..., object]] = {
    "add": lambda engine, **by: people.add(engine, "Ben", Role.SUPERVISOR, **by),
    "role": lambda engine, **by: personnel.change_role(engine, "vera", Role.SUPERVISOR, **by),
    "scope": lambda engine, **by: personnel.give_scope(engine, "olga", Scope(), **by),
    "remove": lambda engine, **by: personnel.remove(engine, "sam", **by),
}


def events(engine: Engine) -> list[audit.AuditEvent]:
    return list(audit.export(engine))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("by", ["olga", "sam", "vera", "local", "LOCAL", "nobody"])
def test_only_an_administrator_changes_accounts(room, change: str, by: str) -> None:
    """Supervisors neither; nothing changes and the attempt is recorded."""
    before = people.everyone(room.engine)
    with pytest.raises(NotAuthorised):
        CHANGES[change](room.engine, by=by, now=room.clock())
    assert people.everyone(room.engine) == before
    last = events(room.engine)[-1]
    assert (last.event, last.person) == ("account change refused", by)
    assert "refusal" in last.details
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("change", CHANGES)
def test_an_administrator_does(room, change: str) -> None:
    """And the audit says that it was them."""
    CHANGES[change](room.engine, by="ADA", now=room.clock())
    assert events(room.engine)[-1].person == "ada"
    assert audit.verify(room.engine).ok


def test_a_fresh_ledger_needs_nobody_until_it_has_an_administrator(engine: Engine) -> None:
    """The first people are added without a credential; the administrator closes that door behind them."""
    for name, role in (("olga", Role.OPERATOR), ("ada", Role.ADMINISTRATOR)):
        people.add(engine, name, role, by="local", now=START)
    with pytest.raises(NotAuthorised, match="'local' has no credential"):
        people.add(engine, "eve", Role.SUPERVISOR, by="local", now=START)
    assert people.get(engine, "eve") is None


@pytest.mark.parametrize("change", ["role", "scope", "remove"])
def test_without_an_administrator_accounts_can_only_be_added(engine: Engine, change: str) -> None:
    """Roles, scopes and removals are never changed by somebody without a credential."""
    for name, role in (("olga", Role.OPERATOR), ("sam", Role.SUPERVISOR), ("vera", Role.VIEWER)):
        people.add(engine, name, role, by="local", now=START)
    with pytest.raises(NotAuthorised):
        CHANGES[change](engine, by="local", now=START)


def test_nobody_changes_their_own_account(room) -> None:
    """So an administrator always remains, and gives themselves no other rights."""
    for change in (
        lambda **by: personnel.change_role(room.engine, "ada", Role.SUPERVISOR, **by),
        lambda **by: personnel.give_scope(room.engine, "Ada", Scope(max_kv=1), **by),
        lambda **by: personnel.remove(room.engine, "ada", **by),
    ):
        with pytest.raises(NotAuthorised, match="another administrator"):
            change(by="ada", now=room.clock())
    assert people.get(room.engine, "ada").role is Role.ADMINISTRATOR


def test_a_new_role_counts_at_once(room) -> None:
    """The proposal waits; who lost the role decides no more."""
    proposal = room.submit()
    personnel.change_role(room.engine, "sam", Role.OPERATOR, by="ada", now=room.clock())
    with pytest.raises(NotAuthorised, match="sam is operator"):
        room.approve(proposal)
    assert events(room.engine)[-2].details == {"name": "sam", "role": "operator", "was": "supervisor"}


def test_a_removed_person_is_nobody_and_the_record_stays(room) -> None:
    """They propose, decide, withdraw and stop nothing any more; what they did still verifies."""
    mine, other = room.submit(by="sam"), room.submit(by="olga")
    personnel.remove(room.engine, "Sam", by="ada", now=room.clock())
    assert people.get(room.engine, "sam") is None
    assert "sam" not in [person.name for person in people.everyone(room.engine)]
    for attempt in (
        lambda: room.submit(by="sam"),
        lambda: room.approve(other, by="sam"),
        lambda: room.ledger.withdraw(mine.id, room.person("sam")),
        lambda: kill_switch.stop(room.engine, room.person("sam"), "x", now=room.clock()),
    ):
        with pytest.raises(NotAuthorised, match="not a person of this ledger"):
            attempt()
    assert room.ledger.get(mine.id).requested_by == "sam"
    assert audit.verify(room.engine).ok


def test_the_name_of_a_removed_person_is_given_to_nobody(room) -> None:
    """One name in the record is one person."""
    personnel.remove(room.engine, "sam", by="ada", now=room.clock())
    with pytest.raises(InvalidPerson, match="'sam' was removed"):
        people.add(room.engine, "SAM", Role.SUPERVISOR, by="ada", now=room.clock())
    for change in (CHANGES["remove"], lambda engine, **by: personnel.change_role(engine, "sam", Role.SUPERVISOR, **by)):
        with pytest.raises(InvalidPerson, match="no person 'sam'"):
            change(room.engine, by="ada", now=room.clock())


@pytest.mark.parametrize("name", ["nobody", "a\x00b", "a\ud800b", ""])
def test_an_unknown_name_is_one_sentence(room, name: str) -> None:
    """For who may and for who may not, whatever characters it holds; a refusal is recorded without those that no database holds."""
    with pytest.raises(InvalidPerson, match="no person"):
        personnel.change_role(room.engine, name, Role.SUPERVISOR, by="ada", now=room.clock())
    with pytest.raises(NotAuthorised):
        personnel.change_role(room.engine, name, Role.SUPERVISOR, by="olga", now=room.clock())
    assert events(room.engine)[-1].event == "account change refused"
    assert audit.verify(room.engine).ok


def test_two_administrators_cannot_remove_each_other(room) -> None:
    """Whoever is removed first removes nobody any more."""
    people.add(room.engine, "bob", Role.ADMINISTRATOR, by="ada", now=room.clock())
    personnel.remove(room.engine, "ada", by="bob", now=room.clock())
    with pytest.raises(NotAuthorised):
        personnel.remove(room.engine, "bob", by="ada", now=room.clock())
    assert people.get(room.engine, "bob") is not None


def test_local_has_no_account_to_change(room) -> None:
    """A scope is all that can be given to whoever has no name."""
    with pytest.raises(InvalidPerson, match="no person 'local'"):
        personnel.change_role(room.engine, "local", Role.SUPERVISOR, by="ada", now=room.clock())
    with pytest.raises(InvalidPerson, match="no person 'local'"):
        personnel.remove(room.engine, "local", by="ada", now=room.clock())


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE aeip_scope SET scope = replace(scope, '110', '380')", "scope of olga"),
        ("DELETE FROM aeip_scope", "scope of olga"),
        ("INSERT INTO aeip_scope (key, scope) VALUES ('vera', '{}')", "scope of vera"),
        ("DELETE FROM aeip_removal", "removal of sam"),
        ("INSERT INTO aeip_removal (key, at) VALUES ('vera', 'x')", "removal of vera"),
        ("UPDATE aeip_person SET role = 'supervisor' WHERE key = 'sue'", "role of sue"),
        ("UPDATE aeip_person SET name = 'Sam' WHERE key = 'olga'", "name of olga"),
    ],
)
def test_accounts_changed_behind_the_ledger_s_back_are_found(room, statement: str, finding: str) -> None:
    """Scope, role, name and removal are those of the last event of each."""
    now = {"by": "ada", "now": room.clock()}
    personnel.give_scope(room.engine, "olga", Scope(max_kv=110), **now)
    personnel.change_role(room.engine, "sue", Role.OPERATOR, **now)
    personnel.remove(room.engine, "sam", **now)
    assert audit.verify(room.engine).ok
    with room.engine.begin() as connection:
        connection.execute(text(statement))
    report = audit.verify(room.engine)
    assert (report.ok, finding in report.explanation) == (False, True)
