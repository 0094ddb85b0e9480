"""The only wiring: settings in, a working assistant out. Faces (CLI, web) call this and nothing below it."""

import hashlib
import logging
import re
import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from pydantic import JsonValue
from sqlalchemy import Engine

from agent.actions import ActionContext
from agent.answer import Answer, Status
from agent.brains import EmbeddedBrain
from agent.graph import Event, Graph, Turn, build_graph, first_state
from agent.identity import Identity
from agent.owner import Owner
from agent.rendering import write_answer
from agent.settings import Settings
from grid_models.errors import AeipError
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant
from grid_models.twin.source import DEFAULT_GRID, TRAINING_GRID, load_grid
from grid_models.twin.state import GridState
from grid_models.twin.state_store import load_state
from guardrails import kill_switch
from guardrails.database import open_database
from guardrails.errors import OwnerElsewhere
from guardrails.gate import Gate
from guardrails.lease import Leases
from guardrails.ledger import Ledger
from guardrails.people import LOCAL, Person
from guardrails.proposals import Choice, Proposal
from guardrails.rule_pack import RulePack, compile_limits, load_pack
from guardrails.transitions import Status as ProposalStatus
from tools.context import StudyContext

log = logging.getLogger(__name__)

_OTHER_GRID = re.compile(
    r"\b(?:in|on|for|with|use|load|switch to|of)\s+(?:the\s+)?(?:grid\s+)?(case\d+\w*|\d-(?:HV|MV|LV|EHV)[\w.-]+)\b", re.IGNORECASE
)
_RULES = Path(__file__).parents[1] / "guardrails" / "rules"
_WAIT_S = 30.0  # how long a decision waits for the owner to carry it out
_POLL_S = 0.1


def utc_now() -> datetime:
    """Wall time."""
    return datetime.now(UTC)


class App:
    """One data folder, one ledger, one default grid. Thread-safe: faces call it from worker threads."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.now = settings, now
        self._lock = threading.Lock()
        self._owner: Owner | None = None
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AeipError(
                f"The data folder '{settings.data_dir}' cannot be used ({error.strerror}); --data-dir with a writable folder works."
            ) from error

    # --- grids and states -------------------------------------------------------------------------------------------

    def grid(self, name: str | None = None) -> Grid:
        """The grid of this name, cached in the data folder."""
        return load_grid(name or self.settings.grid, self.settings.data_dir / "grids")

    def present(self, name: str | None = None, at: datetime | int | None = None) -> tuple[GridState, Literal["live", "standing"]]:
        """The state studies run on: the owner's latest accepted one when an owner runs, otherwise the standing start or the time asked for."""
        grid = self.grid(name)
        if at is not None:
            return grid.state_at(at), "standing"
        if self._owner is not None and self._owner.grid == grid.model.name:
            return self._owner.latest, "live"
        if self.leases.holder(grid.model.name) is not None:
            stored = load_state(grid.model, self._folder(grid) / "accepted.npz")
            if stored is not None:
                return stored[0], "live"
        return grid.state_at(), "standing"

    def _folder(self, grid: Grid) -> Path:
        """A folder for each grid; the name is made safe and kept unique by its hash."""
        name = grid.model.name
        return self.settings.data_dir / "plants" / f"{re.sub(r'[^A-Za-z0-9.-]', '_', name)}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"

    # --- rules, ledger, people --------------------------------------------------------------------------------------

    @cached_property
    def engine(self) -> Engine:
        return open_database(self.settings.ledger_url)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.now)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.engine, self.now)

    @cached_property
    def identity(self) -> Identity:
        return Identity(self.engine, self.secret, self.now)

    @cached_property
    def secret(self) -> str:
        """Signs tokens and cookies; made once, readable by the owner of the data folder alone."""
        path = self.settings.data_dir / "secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()

    def rules(self) -> RulePack:
        """The pack in force today. Raises InvalidRule; nothing is checked with half a pack."""
        folder = Path(self.settings.rules) if "/" in self.settings.rules else _RULES / self.settings.rules
        return _pack(folder, self.now().date(), _stamp(folder))

    def gate(self) -> Gate:
        """The gate with the rules of today."""
        return Gate(self.rules(), writes_stopped=self.writes_stopped)

    def writes_stopped(self) -> str | None:
        """Who stopped all writes and why; None when they run."""
        found = kill_switch.position(self.engine)
        return f"Writes are stopped by {found.person}: {found.reason}. A supervisor can resume them." if found.stopped else None

    # --- conversation -----------------------------------------------------------------------------------------------

    @cached_property
    def _graph(self) -> Graph:
        path = self.settings.data_dir / "checkpoints.db"
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        return build_graph(SqliteSaver(connection))

    def ask(
        self,
        question: str,
        *,
        session: str | None = None,
        person: Person = LOCAL,
        grid: str | None = None,
        at: datetime | int | None = None,
        question_id: str = "",
        on_event: Callable[[Event], None] | None = None,
    ) -> Answer:
        """Answer one question of a conversation. Never raises for what a person can type: a failure is an answer with one sentence."""
        began = time.perf_counter()
        session = session or uuid.uuid4().hex
        told = {"id": question_id, "session": session, "question": question}

        def answered(**fields: object) -> Answer:
            return Answer.model_validate({**told, **fields, "elapsed_ms": round((time.perf_counter() - began) * 1000, 1)})

        try:
            name = self._grid_of(question, session, grid)
            state, source = self.present(name, at)
            known = {"grid": state.model.name, "state_id": state.state_id, "plant_time": state.plant_time.isoformat(), "source": source}
            turn = self._turn(state, source, person, session, on_event)
            return answered(**known, **self._run(question, session, name, turn))
        except AeipError as error:
            candidates = list(getattr(error, "nearest", ()))
            return answered(status=Status.FAILED, answer=str(error), grid=grid or self.settings.grid, candidates=candidates)
        except Exception as error:
            number = uuid.uuid4().hex[:8]
            log.exception("question failed [%s]", number)
            text = f"The question could not be answered: something failed inside ({type(error).__name__}, number {number} in the log). Nothing was changed."
            return answered(status=Status.FAILED, answer=text, grid=grid or self.settings.grid)

    def _run(self, question: str, session: str, grid: str, turn: Turn) -> dict[str, object]:
        config: RunnableConfig = {"configurable": {"thread_id": session}, "recursion_limit": 40}
        with self._lock:  # one conversation step at a time: a second message must not interleave with a running turn
            result = self._graph.invoke(first_state(question, grid), config, context=turn, durability="exit")
        answer = dict(result["answer"])
        state = turn.study.state
        words = "live state" if turn.study.source == "live" else "standing start"
        answer["answer"] += f"\n\n*{state.model.name}, {words}, plant time {state.plant_time:%Y-%m-%d %H:%M} UTC.*"
        return answer

    def _turn(
        self, state: GridState, source: Literal["live", "standing"], person: Person, session: str, on_event: Callable[[Event], None] | None
    ) -> Turn:
        notify = on_event or (lambda event: None)
        study = StudyContext(
            state=state,
            limits=compile_limits(self.rules()),
            source=source,
            progress=lambda done, total: notify({"type": "progress", "done": done, "total": total}),
        )
        action = ActionContext(
            gate=self.gate(),
            ledger=self.ledger,
            state=state,
            source=source,
            person=person,
            conversation=session,
            expiry=self.settings.approval_expiry,
            study_only=lambda: self._study_only(state.model.name),
        )
        registry = state.model.registry
        brain = EmbeddedBrain(registry=registry, write=lambda calls, question, style: write_answer(calls, question, style))
        return Turn(brain, study, action, [e.name for e in registry.elements], self.settings.history_steps, on_event=notify)

    def _grid_of(self, question: str, session: str, grid: str | None) -> str:
        """The grid asked for, the one this conversation switched to, or the default one."""
        named = _OTHER_GRID.search(question)
        if grid or named:
            return grid or (named.group(1) if named else "")
        kept = self._graph.get_state({"configurable": {"thread_id": session}}).values.get("grid")
        return str(kept) if kept else self.settings.grid

    def _study_only(self, grid: str) -> str | None:
        """Inside a running host only its own grid can be written."""
        if self._owner is None or self._owner.grid == grid:
            return None
        return f"This conversation is about '{grid}', but the plant run here is '{self._owner.grid}': '{grid}' can be studied, not changed."

    # --- approvals --------------------------------------------------------------------------------------------------

    def proposals(self, person: Person = LOCAL, status: str | None = None) -> list[Proposal]:
        """Newest first."""
        return list(self.ledger.list(status=ProposalStatus(status) if status else None))

    def proposal(self, proposal_id: int, person: Person = LOCAL) -> Proposal:
        return self.ledger.get(proposal_id)

    def decide(
        self, proposal_id: int, person: Person, decision: Choice, *, verdict_hash: str, reason: str, typed_name: str = ""
    ) -> Proposal:
        """Claim the decision; an approval is carried out by the owner, or by this process for the command when no owner runs."""
        proposal = self.ledger.decide(proposal_id, person, decision, verdict_hash, reason, typed_name)
        if proposal.status is not ProposalStatus.APPROVED:
            return proposal
        if self._owner is None and self.leases.holder(proposal.grid) is None:
            self._carry_out_once(proposal.grid)
        return self._wait(proposal_id)

    def withdraw(self, proposal_id: int, person: Person) -> Proposal:
        return self.ledger.withdraw(proposal_id, person)

    def _carry_out_once(self, grid: str) -> None:
        owner = self._new_owner(grid)
        try:
            owner.take()
        except OwnerElsewhere:
            return  # somebody became the owner meanwhile and will carry it out
        try:
            owner.tick()
        finally:
            owner.stop()

    def _wait(self, proposal_id: int) -> Proposal:
        deadline = time.monotonic() + _WAIT_S
        while True:
            proposal = self.ledger.get(proposal_id)
            if proposal.status not in (ProposalStatus.APPROVED, ProposalStatus.EXECUTING) or time.monotonic() > deadline:
                return proposal
            time.sleep(_POLL_S)

    def proposals_version(self) -> str:
        """Changes whenever the ledger does."""
        from guardrails.audit import head

        return head(self.engine)

    # --- life of the host -------------------------------------------------------------------------------------------

    def _new_owner(self, grid_name: str | None = None) -> Owner:
        grid = self.grid(grid_name)
        folder = self._folder(grid)
        plant = SimulatedPlant(grid, folder, self.now, self.settings.pace)
        return Owner(plant, self.ledger, self.leases, self.gate, folder / "accepted.npz")

    def start(self) -> None:
        """Become the plant's owner. Raises OwnerElsewhere."""
        owner = self._new_owner()
        owner.start()
        self._owner = owner

    def stop(self) -> None:
        if self._owner is not None:
            self._owner.stop()
            self._owner = None

    @property
    def owner(self) -> Owner | None:
        return self._owner

    def health(self) -> dict[str, JsonValue]:
        """For /healthz and `aeip doctor`."""
        state, source = self.present()
        return {
            "status": "ok" if self._owner is None or self._owner.fault is None else "degraded",
            "grid": state.model.name,
            "plant_time": state.plant_time.isoformat(),
            "source": source,
            "owner": self._owner.owner_id if self._owner else None,
            "fault": self._owner.fault if self._owner else None,
            "brain": self.settings.brain,
            "rules": self.rules().version,
            "writes_stopped": self.writes_stopped(),
        }


def known_grids() -> tuple[str, ...]:
    """The grids that come with the product."""
    from grid_models.twin.source import builtin_cases

    return (DEFAULT_GRID, TRAINING_GRID, *builtin_cases())


_packs: dict[tuple[Path, date, str], RulePack] = {}


def _pack(folder: Path, on: date, stamp: str) -> RulePack:
    """Rules are those in force on the decision's date; a changed file is read anew."""
    key = (folder, on, stamp)
    if key not in _packs:
        _packs.clear()
        _packs[key] = load_pack(folder, on)
    return _packs[key]


def _stamp(folder: Path) -> str:
    return ",".join(f"{p.name}:{p.stat().st_mtime_ns}" for p in sorted(folder.glob("*.yaml"))) if folder.is_dir() else ""
