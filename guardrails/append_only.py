"""The triggers that let `aeip_audit` grow at its end only, inside the database itself, for both databases.

A row is never changed or removed, and a new one continues the last one: another row in its place (`INSERT OR REPLACE`, which runs no
DELETE trigger), a fork or a gap is refused. The stored head goes forward by one row at a time. Who may drop triggers gets past all this:
that is for `audit.verify` to find.
"""

from guardrails.audit_chain import GENESIS

_CHANGED = "aeip_audit is append-only: its rows are neither changed nor removed"
_NOT_THE_NEXT = "aeip_audit is append-only: a new row continues the last one"
_HEAD_BACK = "aeip_audit is append-only: its head only goes forward, one row at a time"

_CONTINUES = (
    "NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM aeip_audit) "
    f"AND NEW.prev_hash = coalesce((SELECT hash FROM aeip_audit ORDER BY seq DESC LIMIT 1), '{GENESIS}') "
    "AND NOT EXISTS (SELECT 1 FROM aeip_audit WHERE hash = NEW.hash OR prev_hash = NEW.prev_hash)"
)
_FORWARD = "NEW.id = OLD.id AND NEW.rows = OLD.rows + 1"
_ONLY_HEAD = "NOT EXISTS (SELECT 1 FROM aeip_audit_head)"

# trigger, what it refuses, what must hold for a row to pass (nothing: no row passes), and what is said
_RULES = (
    ("aeip_audit_no_update", "UPDATE ON aeip_audit", None, _CHANGED),
    ("aeip_audit_no_delete", "DELETE ON aeip_audit", None, _CHANGED),
    ("aeip_audit_at_the_end", "INSERT ON aeip_audit", _CONTINUES, _NOT_THE_NEXT),
    ("aeip_audit_head_forward", "UPDATE ON aeip_audit_head", _FORWARD, _HEAD_BACK),
    ("aeip_audit_head_no_delete", "DELETE ON aeip_audit_head", None, _HEAD_BACK),
    ("aeip_audit_head_once", "INSERT ON aeip_audit_head", _ONLY_HEAD, _HEAD_BACK),
)
_NO_TRUNCATE = (("aeip_audit_no_truncate", "aeip_audit", _CHANGED), ("aeip_audit_head_no_truncate", "aeip_audit_head", _HEAD_BACK))


def append_only(dialect: str) -> tuple[str, ...]:
    """The statements for `sqlite` or `postgresql`; repeating them changes nothing."""
    if dialect == "sqlite":
        return tuple(_sqlite(*rule) for rule in _RULES)
    rows = [statement for rule in _RULES for statement in _postgresql(*rule)]
    tables = [statement for name, table, why in _NO_TRUNCATE for statement in _refuse_truncate(name, table, why)]
    return (*rows, *tables)


def _sqlite(name: str, change: str, passes: str | None, why: str) -> str:
    when = f"WHEN NOT coalesce({passes}, 0) " if passes else ""  # what cannot be compared (NULL) does not pass
    return f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {change} {when}BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _postgresql(name: str, change: str, passes: str | None, why: str) -> tuple[str, str]:
    pass_on = f"IF coalesce({passes}, false) THEN RETURN NEW; END IF; " if passes else ""
    body = f"BEGIN {pass_on}RAISE EXCEPTION '{why}'; END"
    return _function(name, body), _trigger(name, change.split()[-1], f"BEFORE {change} FOR EACH ROW")


def _refuse_truncate(name: str, table: str, why: str) -> tuple[str, str]:
    trigger = _trigger(name, table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT")
    return _function(name, f"BEGIN RAISE EXCEPTION '{why}'; END"), trigger


def _trigger(name: str, table: str, when: str) -> str:
    """Only where it is missing: to replace one takes a lock that a process at work may wait for, and we for it."""
    there = f"SELECT 1 FROM pg_trigger WHERE tgname = '{name}' AND tgrelid = '{table}'::regclass AND tgenabled <> 'D'"
    made = f"CREATE OR REPLACE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"
    return f"DO $$ BEGIN IF NOT EXISTS ({there}) THEN {made}; END IF; END $$"


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
