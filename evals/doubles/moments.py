"""The moments of a process by name: each statement and commit of its ledger, each file it replaces. At one of them it is killed."""

import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from guardrails.tables import AuditRow


class Moments:
    """Writes each moment down before it comes. `dies_at`: its name with its count ("before commit of claimed 1") or its number from 0."""

    def __init__(self, log: Path, dies_at: str | int | None) -> None:
        self._log, self._dies_at = log, dies_at
        self._seen: Counter[str] = Counter()
        self._inside: list[str] = []
        self._audited: list[str] = []
        self._committing = ""

    def reached(self, name: str) -> None:
        """Something is about to happen, or just has."""
        number = self._seen.total()
        where = f"{name} in {self._inside[-1]}" if self._inside else name
        self._seen[where] += 1
        label = f"{where} {self._seen[where]}"
        with self._log.open("a") as log:
            log.write(f"{label}\n")
        if self._dies_at in (label, number):
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, thing: object, method: str) -> None:
        """A moment before and one after each call of a method; what happens in between is named after it."""
        act = getattr(thing, method)

        def announced(*args: Any, **named: Any) -> Any:
            self.reached(f"before {method}")
            self._inside.append(method)
            try:
                return act(*args, **named)
            finally:
                self._inside.pop()
                self.reached(f"after {method}")

        vars(thing)[method] = announced

    def of_ledger(self, engine: Engine) -> None:
        """A commit is named after the audit events in it; one without any is the heartbeat of the lease."""
        event.listen(AuditRow, "before_insert", lambda _mapper, _connection, row: self._audited.append(row.event))
        event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: self.reached(f"before {' '.join(sql.split()[:3])}"))
        event.listen(engine, "commit", lambda _connection: self._before_commit())
        event.listen(engine, "checkin", lambda _connection, _record: self._after_commit())  # it comes back once it is committed

    def of_files(self) -> None:
        """Files of arrays, which are written whole and then renamed into place."""
        sys.addaudithook(self._before_replacing)

    def _before_replacing(self, name: str, args: tuple[Any, ...]) -> None:
        if name == "os.rename" and str(args[1]).endswith(".npz"):
            self.reached(f"before {Path(args[1]).name} is replaced")

    def _before_commit(self) -> None:
        self._committing, self._audited = " and ".join(self._audited) or "the lease", []
        self.reached(f"before commit of {self._committing}")

    def _after_commit(self) -> None:
        committed, self._committing, self._audited = self._committing, "", []
        if committed:
            self.reached(f"after commit of {committed}")
