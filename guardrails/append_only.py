"""The triggers that make `aeip_audit` append-only inside the database itself, for both databases."""

_MESSAGE = "aeip_audit is append-only"

_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS aeip_audit_no_{verb.lower()} BEFORE {verb} ON aeip_audit BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    for verb in ("UPDATE", "DELETE")
)

_POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION aeip_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$",
    "CREATE OR REPLACE TRIGGER aeip_audit_no_change BEFORE UPDATE OR DELETE ON aeip_audit "
    "FOR EACH ROW EXECUTE FUNCTION aeip_audit_refuse()",
    "CREATE OR REPLACE TRIGGER aeip_audit_no_truncate BEFORE TRUNCATE ON aeip_audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION aeip_audit_refuse()",
)


def append_only(dialect: str) -> tuple[str, ...]:
    """The statements for `sqlite` or `postgresql`; repeating them changes nothing."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL
