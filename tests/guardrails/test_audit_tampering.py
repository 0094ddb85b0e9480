"""What somebody with every right to the database can change in the audit, whether the proof finds it, and what it cannot find alone."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product

import pytest
from sqlalchemy import Connection, Engine, text

from guardrails import audit, kill_switch
from guardrails.audit_chain import GENESIS, AuditEvent, link
from guardrails.errors import NotAuthorised

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
COLUMNS = ("seq", "at", "event", "proposal_id", "person", "payload", "prev_hash", "hash")
Forge = Callable[[Sequence[AuditEvent]], None]


@pytest.fixture
def told(room, finding) -> Engine:
    """People, an executed, a rejected, a blocked, a critical and an expired proposal, the kill switch, and last a refused decision."""
    room.carry_out(room.approve(room.submit()))
    room.reject(room.submit())
    room.submit(finding(outcome="fail"))
    room.approve(room.submit(finding(critical=True)), typed_name="Line 6-12 (1)")
    room.clock.advance(minutes=16)
    room.ledger.expire_due(room.clock())
    kill_switch.stop(room.engine, room.person("olga"), "Rauch über T1", now=room.clock())
    kill_switch.resume(room.engine, room.person("sam"), "over", now=room.clock())
    pending = room.submit()
    with pytest.raises(NotAuthorised):
        room.approve(pending, by="olga")
    return room.engine


@pytest.fixture
def laid_open(told: Engine) -> Engine:
    """The same with the tables of the audit made anew: no trigger, no key, no foreign key is left."""
    with told.begin() as connection:
        for table in ("aeip_audit", "aeip_audit_head"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_was"))
            connection.execute(text(f"CREATE TABLE {table} AS SELECT * FROM {table}_was"))
    assert audit.verify(told).ok
    return told


@pytest.fixture
def chain(laid_open: Engine) -> list[AuditEvent]:
    """All rows as they were."""
    return list(audit.export(laid_open))


@pytest.fixture
def forge(laid_open: Engine) -> Forge:
    """Puts other rows in the place of all."""

    def write(events: Sequence[AuditEvent]) -> None:
        with laid_open.begin() as connection:
            _store(connection, events)

    return write


@pytest.fixture
def forge_head(laid_open: Engine) -> Forge:
    """The same, and makes the stored head fit."""

    def write(events: Sequence[AuditEvent]) -> None:
        with laid_open.begin() as connection:
            _store(connection, events)
            connection.execute(
                text("UPDATE aeip_audit_head SET rows = :rows, hash = :hash"), {"rows": len(events), "hash": events[-1].hash}
            )

    return write


def _store(connection: Connection, events: Sequence[AuditEvent]) -> None:
    connection.execute(text("DELETE FROM aeip_audit"))
    values = ", ".join(f":{column}" for column in COLUMNS)
    connection.execute(text(f"INSERT INTO aeip_audit ({', '.join(COLUMNS)}) VALUES ({values})"), [event.model_dump() for event in events])


def rehashed(events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """A chain of these contents in this order, as a careful forger would write it."""
    made: list[AuditEvent] = []
    for event in events:
        open_link = event.model_copy(update={"seq": len(made) + 1, "prev_hash": made[-1].hash if made else GENESIS})
        made.append(open_link.model_copy(update={"hash": open_link.computed_hash}))
    return made


def as_row(event: AuditEvent, seq: int) -> AuditEvent:
    return event.model_copy(update={"seq": seq})


def stranger(rows: int, head: str) -> AuditEvent:
    return link(rows, head, at=START, event="x", person="mallory", proposal_id=None, content={})


def flipped(value: str | int | None, dice: random.Random, *, any_bytes: bool) -> str | bytes | int:
    """The value with one bit of it turned; a text stays one that PostgreSQL can hold unless `any_bytes` go.

    Nothing becomes 1. Of a number one of the higher bits, so that no other row has it; for doubles see below.
    """
    if not isinstance(value, str):
        return 1 if value is None else value ^ (1 << dice.randrange(5, 31))
    while True:
        turned = bytearray(value.encode())
        turned[dice.randrange(len(turned))] ^= 1 << dice.randrange(8)
        if any_bytes:
            return bytes(turned)
        with suppress(UnicodeDecodeError):
            if 0 not in turned:
                return turned.decode()


def put(engine: Engine, column: str, value: object, where: str, which: object) -> None:
    cast = "CAST(:value AS TEXT)" if isinstance(value, bytes) else ":value"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE aeip_audit SET {column} = {cast} WHERE {where} = :which"), {"value": value, "which": which})


def test_every_flipped_bit_is_found(laid_open: Engine, chain: list[AuditEvent]) -> None:
    """Three in every column of every row, one at a time; the row is named."""
    dice, any_bytes, tried = random.Random(8), laid_open.dialect.name == "sqlite", 0
    for event, column, _ in product(chain, COLUMNS, range(3)):
        value = flipped(getattr(event, column), dice, any_bytes=any_bytes)
        put(laid_open, column, value, "seq", event.seq)
        report = audit.verify(laid_open)
        put(laid_open, column, getattr(event, column), *(("hash", event.hash) if column == "seq" else ("seq", event.seq)))
        assert (report.ok, report.first_broken_seq) == (False, event.seq), (column, value)
        tried += 1
    assert audit.verify(laid_open).ok
    assert tried == 3 * 8 * len(chain) > 500


def test_a_row_taken_from_the_middle(laid_open: Engine, chain: list[AuditEvent], forge: Forge) -> None:
    """As it is, renumbered, and with every later link made anew."""
    left = chain[:5] + chain[6:]
    for events, named in (
        (left, 6),
        ([as_row(event, i + 1) for i, event in enumerate(left)], 6),
        (rehashed(left), len(chain)),
    ):
        forge(events)
        assert audit.verify(laid_open).first_broken_seq == named


def test_two_rows_in_another_order(laid_open: Engine, chain: list[AuditEvent], forge: Forge) -> None:
    """By their numbers alone, with their own links made anew, and with all later ones."""
    swapped = [*chain[:5], as_row(chain[6], 6), as_row(chain[5], 7), *chain[7:]]
    for events, named in ((swapped, 6), (rehashed(swapped)[:7] + chain[7:], 8), (rehashed(swapped), len(chain))):
        forge(events)
        assert audit.verify(laid_open).first_broken_seq == named


def test_the_last_two_rows_in_another_order(laid_open: Engine, chain: list[AuditEvent], forge: Forge) -> None:
    """No later link is there to break, but the head names another row."""
    forge(rehashed([*chain[:-2], chain[-1], chain[-2]]))
    assert audit.verify(laid_open).first_broken_seq == len(chain)


def test_a_row_put_between(laid_open: Engine, chain: list[AuditEvent], forge: Forge) -> None:
    """Beside the others, in front of the first, at the end, or with all later links made anew."""
    total = len(chain)
    extra = stranger(5, chain[4].hash)
    for events, named in (
        ([*chain, extra], 7),  # two rows 6: the first met continues row 5, the next does not
        ([*chain[:5], extra, *(as_row(event, event.seq + 1) for event in chain[5:])], 7),
        ([*chain, stranger(total, chain[-1].hash)], total + 1),
        (rehashed([*chain[:5], extra, *chain[5:]]), total + 1),
        ([as_row(extra, 0), *chain], None),
        ([as_row(extra, -7), *chain], None),
    ):
        forge(events)
        report = audit.verify(laid_open)
        assert not report.ok
        assert report.first_broken_seq in ((6, 7) if named == 7 else (named,))


def test_a_fork(laid_open: Engine, chain: list[AuditEvent], forge: Forge, forge_head: Forge) -> None:
    """Two rows that continue one: under its number, under a later one, and as a whole second branch that the head follows."""
    other = stranger(5, chain[4].hash)
    branch = rehashed([*chain[:5], other, *chain[5:]])
    forge([*chain, other])
    assert audit.verify(laid_open).first_broken_seq in (6, 7)
    forge([*chain, as_row(other, len(chain) + 1)])
    assert audit.verify(laid_open).first_broken_seq == len(chain) + 1
    forge_head([*chain[5:], *branch])
    assert not audit.verify(laid_open).ok


def test_a_double_at_the_border_of_two_pages(laid_open: Engine, forge_head: Forge) -> None:
    """Rows are read in pages; a second row under the last number of a page is not passed over."""
    events = rehashed([stranger(i, GENESIS) for i in range(501)])
    forge_head(events)
    with laid_open.begin() as connection:
        connection.execute(
            text(f"INSERT INTO aeip_audit ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM aeip_audit WHERE seq = 500")
        )
    report = audit.verify(laid_open)
    assert not report.ok
    assert "holds 502 rows, but its chain counts 501" in report.explanation


def test_a_cut_tail(laid_open: Engine, chain: list[AuditEvent], forge: Forge) -> None:
    """Wherever it is cut, the stored head knows how long the chain was."""
    for left in (0, 1, len(chain) // 2, len(chain) - 1):
        forge(chain[:left]) if left else forge([as_row(chain[0], -1)])
        report = audit.verify(laid_open)
        assert (report.ok, report.first_broken_seq) == (False, left + 1)
        assert f"{left} rows are left of {len(chain)}" in report.explanation


def test_a_cut_tail_with_its_head_rewritten_contradicts_the_tables(laid_open: Engine, chain: list[AuditEvent], forge_head: Forge) -> None:
    """The chain itself is whole; what the missing events had decided still stands in the tables, wherever it is cut before the last one."""
    for left in range(1, len(chain) - 1):
        forge_head(chain[:left])
        report = audit.verify(laid_open)
        assert (report.ok, report.first_broken_seq) == (False, None), left


def test_only_a_kept_head_finds_a_cut_that_no_table_shows(laid_open: Engine, chain: list[AuditEvent], forge_head: Forge) -> None:
    """A refused decision changes no table: cut off together with the head it is not missed, unless a head was kept elsewhere."""
    kept = audit.verify(laid_open).head
    assert chain[-1].event == "decision refused"
    forge_head(chain[:-1])
    assert audit.verify(laid_open).ok  # said as it is: nothing inside the database shows it
    report = audit.verify(laid_open, kept)
    assert (report.ok, report.first_broken_seq) == (False, None)
    assert "kept elsewhere" in report.explanation


def test_only_a_kept_head_finds_a_history_rewritten_as_a_whole(laid_open: Engine, chain: list[AuditEvent], forge_head: Forge) -> None:
    """Who rewrites every link, the head and the tables leaves a consistent ledger; a head kept before shows it, one kept later does not."""
    forge_head(rehashed([chain[0].model_copy(update={"person": "mallory"}), *chain[1:]]))
    assert audit.verify(laid_open).ok
    assert not audit.verify(laid_open, chain[0].hash).ok
    assert audit.verify(laid_open, audit.verify(laid_open).head).ok


def test_a_kept_head_stays_valid_while_the_ledger_grows(room) -> None:
    """Also that of an empty ledger."""
    kept = [audit.verify(room.engine).head, GENESIS]
    room.reject(room.submit())
    assert all(audit.verify(room.engine, head).ok for head in kept)
