"""Passwords, throttling and tokens: who gets in, and what the others are told."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from argon2 import PasswordHasher

from agent.identity import (
    FREE_FAILURES,
    WAIT,
    CredentialRow,
    Identity,
    InvalidToken,
    TooManyAttempts,
    WeakPassword,
    WrongCredentials,
    derive_key,
)
from guardrails import audit
from guardrails.database import open_database, reading
from guardrails.errors import InvalidPerson, NotAuthorised
from guardrails.people import LOCAL, Role

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Clock:
    """Wall time that moves when told to."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identity(tmp_path: Path, clock: Clock) -> Identity:
    return Identity(open_database(f"sqlite:///{tmp_path / 'aeip.db'}"), "s" * 32, clock, CHEAP)


def guess(identity: Identity, name: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            identity.verify(name, "not the password")


def test_generated_password_lets_its_person_in(identity: Identity) -> None:
    """The password shown once is the one that works, whatever the case of the name."""
    password = identity.create_account("Olga", Role.OPERATOR)
    assert identity.verify(" olga", password) == identity.person("Olga")


def test_generated_passwords_differ(identity: Identity) -> None:
    """Two accounts never get the same password."""
    assert identity.create_account("Olga", Role.OPERATOR) != identity.create_account("Sven", Role.SUPERVISOR)


def test_no_password_is_stored_in_clear(identity: Identity, tmp_path: Path) -> None:
    """The database holds Argon2 hashes, never a password."""
    password = identity.create_account("Olga", Role.OPERATOR)
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert password.encode() not in stored
    assert b"$argon2id$" in stored


@pytest.mark.parametrize("name", ["Olga", "nobody", "local", "", "ol\x00ga", "ol\ud800ga"])
def test_wrong_password_and_unknown_name_read_the_same(identity: Identity, name: str) -> None:
    """Nobody learns from the answer whether a name exists; it is one sentence."""
    identity.create_account("Olga", Role.OPERATOR)
    with pytest.raises(WrongCredentials) as refused:
        identity.verify(name, "wrong password")
    assert str(refused.value) == str(WrongCredentials())
    assert "\n" not in str(refused.value)


def test_unknown_name_takes_as_long_as_a_wrong_password(identity: Identity) -> None:
    """An unknown name is hashed against a decoy: it is not answered at once."""
    slow = Identity(identity.engine, identity.secret, identity.now, PasswordHasher(time_cost=4, memory_cost=32768, parallelism=1))
    slow.create_account("Olga", Role.OPERATOR)
    times = {}
    for name in ("Olga", "nobody", "Olga", "nobody"):  # the second round counts: the decoy is made once
        began = time.perf_counter()
        guess(slow, name, 1)
        times[name] = time.perf_counter() - began
    assert times["nobody"] > times["Olga"] / 3


@pytest.mark.parametrize("name", ["Olga", "nobody"])
def test_repeated_failures_close_a_name_for_some_seconds(identity: Identity, clock: Clock, name: str) -> None:
    """After five failures even the right password waits; afterwards it works again."""
    password = identity.create_account("Olga", Role.OPERATOR)
    guess(identity, name, FREE_FAILURES)
    with pytest.raises(TooManyAttempts, match=r"wait \d+ s"):
        identity.verify(name, password)
    clock.time += WAIT
    if name == "Olga":
        assert identity.verify(name, password).role is Role.OPERATOR
    else:
        guess(identity, name, 1)


def test_a_success_forgets_the_failures(identity: Identity) -> None:
    """Typing errors of the past do not add up."""
    password = identity.create_account("Olga", Role.OPERATOR)
    for _ in range(3):
        guess(identity, "Olga", FREE_FAILURES - 1)
        identity.verify("Olga", password)


def test_one_name_closed_leaves_the_others_open(identity: Identity) -> None:
    """Guessing at one account does not lock out another."""
    password = identity.create_account("Sven", Role.SUPERVISOR)
    guess(identity, "Olga", FREE_FAILURES)
    assert identity.verify("Sven", password).name == "Sven"


@pytest.mark.parametrize("password", ["short", "x" * 300])
def test_unusable_password_is_refused_before_a_person_is_recorded(identity: Identity, password: str) -> None:
    """A weak or endless password leaves no half-made account behind."""
    with pytest.raises(WeakPassword, match="needs 10 to 256 characters"):
        identity.create_account("Olga", Role.OPERATOR, password)
    assert identity.person("Olga") is None


def test_taken_and_reserved_names_are_refused(identity: Identity) -> None:
    """Names differ by more than case, and `local` is nobody's."""
    identity.create_account("Olga", Role.OPERATOR)
    for name in ("OLGA", "local"):
        with pytest.raises(InvalidPerson):
            identity.create_account(name, Role.SUPERVISOR)


def test_a_password_needs_a_person(identity: Identity) -> None:
    """Setting a password makes nobody."""
    with pytest.raises(InvalidPerson, match="no person 'nobody'"):
        identity.set_password("nobody")


def test_token_names_its_person_until_it_expires(identity: Identity, clock: Clock) -> None:
    """A token works for its hours and not a second longer."""
    identity.create_account("Sven", Role.SUPERVISOR)
    sven = identity.verify("Sven", identity.set_password("Sven"))
    token = identity.issue_token(sven, hours=8)
    assert identity.person_of(token) == sven
    clock.time += timedelta(hours=8)
    with pytest.raises(InvalidToken, match="expired"):
        identity.person_of(token)


def test_new_password_ends_old_tokens(identity: Identity) -> None:
    """A token that got lost is worthless after the password was changed."""
    identity.create_account("Sven", Role.SUPERVISOR)
    person = identity.person("Sven")
    assert person is not None
    token = identity.issue_token(person, hours=8)
    identity.set_password("Sven")
    with pytest.raises(InvalidToken, match="change of the account"):
        identity.person_of(token)


def test_a_removed_person_s_password_and_token_end(identity: Identity) -> None:
    """At once, and nothing of the credential stays."""
    password = identity.create_account("Sven", Role.SUPERVISOR)
    identity.create_account("Ada", Role.ADMINISTRATOR)
    token = identity.issue_token(identity.verify("Sven", password), hours=8)
    identity.remove("sven", by="Ada")
    with pytest.raises(InvalidToken, match="change of the account"):
        identity.person_of(token)
    with pytest.raises(WrongCredentials):
        identity.verify("Sven", password)
    with pytest.raises(InvalidPerson):
        identity.set_password("Sven", by="Ada")
    with reading(identity.engine) as session:
        assert session.get(CredentialRow, "sven") is None


def test_only_oneself_or_an_administrator_changes_a_password(identity: Identity) -> None:
    """Both are in the audit with who did it, and so is the refused attempt; the password itself never is."""
    for name, role in (("Olga", Role.OPERATOR), ("Sven", Role.SUPERVISOR), ("Ada", Role.ADMINISTRATOR)):
        identity.create_account(name, role)
    for by in ("Sven", "local", "nobody"):
        with pytest.raises(NotAuthorised):
            identity.set_password("Olga", "a long password", by=by)
    mine, given = identity.set_password("Olga", "a long password"), identity.set_password("olga", by="ada")
    assert identity.verify("Olga", given).name == "Olga"
    events = list(audit.export(identity.engine))[-5:]
    assert [e.event for e in events] == ["account change refused"] * 3 + ["password changed"] * 2
    assert [e.person for e in events] == ["Sven", "local", "nobody", "Olga", "Ada"]
    assert all(secret not in e.payload for e in events for secret in (mine, given))


def test_forged_and_foreign_tokens_are_refused(identity: Identity) -> None:
    """Neither garbage, another secret, another purpose nor `alg: none` opens the door."""
    identity.create_account("Sven", Role.SUPERVISOR)
    person = identity.person("Sven")
    assert person is not None
    claims = jwt.decode(identity.issue_token(person, 8), options={"verify_signature": False})
    forged = [
        "garbage",
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
        jwt.encode(claims, derive_key(identity.secret, "chainlit"), algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),  # type: ignore[arg-type]  # what an attacker sends
    ]
    for token in forged:
        with pytest.raises(InvalidToken, match="not issued by this AEIP"):
            identity.person_of(token)


def test_nobody_gets_a_token_as_local(identity: Identity) -> None:
    """Who sits at the command line without a credential stays without one."""
    with pytest.raises(InvalidToken, match="no password here"):
        identity.issue_token(LOCAL, hours=1)
