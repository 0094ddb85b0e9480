"""A double of the application core: real identities, proposals in memory, scripted answers. It shares nothing with the solver."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import JsonValue
from starlette.testclient import TestClient

from agent.answer import Answer, Call, ProposalRef, Status
from agent.app.conversations import StoredCall, evidence
from agent.identity import Identity
from agent.web.core import Event
from agent.web.host import create_host
from grid_models.actions import Action, ActionKind, action_hash
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.model import GridModel
from guardrails import kill_switch
from guardrails.acknowledgements import Acknowledgement
from guardrails.authority import may_decide, may_withdraw
from guardrails.database import open_database
from guardrails.decision_record import DecisionRecord, Seen
from guardrails.errors import AlarmNotFound, NotAuthorised, ProposalNotFound, ProposalNotPending, ProposalStale
from guardrails.kill_switch import SwitchPosition
from guardrails.people import Person, Role
from guardrails.proposal_search import Listing, Wanted
from guardrails.proposals import Choice, Decision, Proposal
from guardrails.transitions import Status as ProposalStatus
from guardrails.verdict import Effect, Verdict

PASSWORDS = {"olga": "operator-password", "sven": "supervisor-password", "sara": "supervisor-password-2", "vera": "viewer-password"}
ROLES = {"olga": Role.OPERATOR, "sven": Role.SUPERVISOR, "sara": Role.SUPERVISOR, "vera": Role.VIEWER}
ALARM = "overload:branches:HV1 Line 54"
OUTAGES = """Losing **HV1 Line 75** hurts most: HV1 Line 54 rises to 155.6 %.

| outage | highest loading |
|---|---|
| HV1 Line 75 | 155.6 % |
| HV1 Line 54 | 155.6 % |

*1-HV-mixed--0-sw, live state, plant time 2016-08-12 09:45 UTC.*"""


@dataclass(frozen=True)
class FakeSettings:
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 0
    session_hours: float = 8.0


def clause(rule: str, requirement: str, outcome: Outcome = Outcome.PASS, **fields: object) -> ClauseResult:
    told: dict[str, object] = {"clause": f"aeip-{rule}", "explanation": f"{requirement}: {outcome.value}.", **fields}
    return ClauseResult.model_validate({"rule": rule, "requirement": requirement, "outcome": outcome, **told})


def make_verdict(action: Action, *, critical: bool = False) -> Verdict:
    """What the gate says of a harmless switching action on a windy day."""
    clauses = (
        clause("branch-loading", "No branch above its rating", value=78.6, limit=100.0, margin=21.4, unit="percent", before=77.1),
        clause(
            "voltage-110",
            "110 kV nodes stay within 0.90 to 1.118 pu",
            value=1.1163,
            limit=1.118,
            margin=0.0017,
            unit="pu",
            element="HV1 Bus 90",
        ),
        clause(
            "grid-data-voltage",
            "Nodes stay within the limits of the grid data",
            Outcome.WARN,
            value=1.116,
            limit=1.1,
            margin=-0.016,
            unit="pu",
            explanation="HV1 Bus 90 is at 1.116 pu, 0.016 pu above 1.1 pu, and was before.",
            existing=("66 nodes of 110 kV above 1.1 pu, highest HV1 Bus 90 at 1.116 pu", "HV1 Bus 12 at 1.108 pu"),
        ),
        clause("lost-load", "No load loses its supply", value=0.0, limit=0.0, margin=0.0, unit="MW", critical=critical),
        clause(
            "n1-loading", "No new overload after an outage", value=155.6, limit=155.6, margin=0.0, unit="percent", element="HV1 Line 54"
        ),
        clause("tap-range", "Taps stay within their range", Outcome.NOT_APPLICABLE, unit="position"),
        clause("shunt-range", "Shunts stay within their steps", Outcome.NOT_APPLICABLE, unit="step"),
    )
    effect = Effect(
        max_loading_percent=(78.58, 78.61),
        max_loading_element=("HV1 Line 75", "HV1 Line 75"),
        vm_min_pu=(1.0003, 1.0003),
        vm_max_pu=(1.1163, 1.1164),
        losses_mw=(31.24, 31.31),
        violations=(66, 66),
        worst_outage=("HV1 Line 54", "HV1 Line 54"),
        worst_outage_loading_percent=(155.6, 155.6),
        outage_at_risk=(None, "HV1 Line 12"),
        outage_lost_load_mw=(0.0, 20.3),
        outage_lost_generation_mw=(10.0, 37.3),
    )
    return Verdict(
        grid="1-HV-mixed--0-sw",
        state_id="3f2a9c71d0b4e655",
        plant_time="2016-08-12T09:45:00+00:00",
        actions=(action,),
        breakers=(("HV1 Switch 27", "HV1 Switch 28"),),
        clauses=clauses,
        effect=effect,
        rollback=(Action(kind=ActionKind.CLOSE if action.kind is ActionKind.OPEN else ActionKind.OPEN, element=action.element),),
        rule_pack="entsoe-continental",
    )


@dataclass
class FakeCore:
    """Decides by the real authority rules, executes by saying so."""

    settings: FakeSettings
    identity: Identity
    secret: str = "k" * 48
    executing_s: float = 0.0
    stored: dict[int, Proposal] = field(default_factory=dict)
    stopped: str | None = None
    version: int = 0
    known: list[tuple[str, str, str]] = field(default_factory=list)

    def propose(
        self, element: str = "HV1 Line 14", by: str = "olga", reason: str = "maintenance", conversation: str = "", critical: bool = False
    ) -> Proposal:
        action = Action(kind=ActionKind.OPEN, element=element)
        verdict, now = make_verdict(action, critical=critical), datetime.now(UTC)
        proposal = Proposal(
            id=len(self.stored) + 1,
            grid=verdict.grid,
            status=ProposalStatus.PENDING,
            actions=(action,),
            action_hash=action_hash((action,)),
            reason=reason,
            requested_by=by,
            conversation=conversation,
            created_at=now,
            expires_at=now + timedelta(minutes=15),
            verdict=verdict,
            verdict_hash=verdict.hash,
        )
        return self.put(proposal)

    def put(self, proposal: Proposal, **changes: object) -> Proposal:
        self.stored[proposal.id] = proposal.model_copy(update=changes)
        self.version += 1
        return self.stored[proposal.id]

    def ask(
        self, question: str, *, session: str, person: Person, on_event: Callable[[Event], None], cancelled: Callable[[], bool]
    ) -> Answer:
        if "explode" in question:
            raise ZeroDivisionError("inside")
        if "open" in question.lower():
            return self._proposing(question, session, person)
        if question == "line 1":
            text = "'line 1' fits 2 elements. Which one do you mean?"
            names = ("HV1 Line 1", "EHV1 Line 1")
            return Answer(question=question, session=session, status=Status.NEEDS_CLARIFICATION, answer=text, candidates=names)
        on_event({"type": "tool_start", "id": "E1", "tool": "contingency_analysis", "args": {"level": 1, "top": 10}})
        for done in range(0, 102, 17):
            on_event({"type": "progress", "done": done, "total": 101})
            time.sleep(self.executing_s / 10)
        headline = "101 outages calculated, 2 overload a branch; the worst is HV1 Line 75 (155.6 %)."
        on_event({"type": "tool_end", "id": "E1", "tool": "contingency_analysis", "ok": True, "elapsed_ms": 312.0, "headline": headline})
        over: JsonValue = [{"element": "HV1 Line 54", "loading_percent": 155.6}]
        worst: list[JsonValue] = [
            {"outage": [name], "max_loading_percent": 155.6, "overloaded": over} for name in ("HV1 Line 75", "HV1 Line 54")
        ]
        result: dict[str, JsonValue] = {"cases": 101, "secure": 86, "worst": worst}
        call = Call(id="E1", tool="contingency_analysis", args={"level": 1}, result=result, elapsed_ms=312.0)
        return Answer(question=question, session=session, status=Status.ANSWERED, answer=OUTAGES, tool_calls=(call,))

    def _proposing(self, question: str, session: str, person: Person) -> Answer:
        proposal = self.propose(by=person.name, conversation=session)
        ref = ProposalRef(id=proposal.id, status="pending", verdict="warn")
        text = f"Proposal {proposal.id} to {proposal.words()} passed every rule and waits for a supervisor's approval."
        return Answer(question=question, session=session, status=Status.AWAITING_APPROVAL, answer=text, proposals=(ref,))

    def proposals(self, person: Person, status: str | None = None) -> list[Proposal]:
        return [p for p in reversed(self.stored.values()) if status is None or p.status == status]

    def proposal_page(self, person: Person, wanted: Wanted, limit: int, offset: int = 0) -> Listing:
        """By the simplest means: text is looked for in the words of the actions and the reason."""
        fits = [p for p in self.proposals(person) if not wanted.statuses or p.status in wanted.statuses]
        fits = [p for p in fits if wanted.grid in ("", p.grid) and wanted.person in ("", p.requested_by)]
        fits = [p for p in fits if wanted.text.casefold() in f"{p.words()} {p.reason}".casefold()]
        waits = [p for p in reversed(fits) if p.status is ProposalStatus.PENDING]
        fits = waits + [p for p in fits if p not in waits]
        return Listing(proposals=tuple(fits[offset : offset + limit]), total=len(fits))

    def proposal(self, proposal_id: int, person: Person) -> Proposal:
        if proposal_id not in self.stored:
            raise ProposalNotFound(proposal_id)
        return self.stored[proposal_id]

    def decide(
        self, proposal_id: int, person: Person, decision: Choice, *, verdict_hash: str, reason: str, typed_name: str = ""
    ) -> Proposal:
        proposal = self.proposal(proposal_id, person)
        if proposal.status is not ProposalStatus.PENDING:
            raise ProposalNotPending(proposal_id, proposal.status)
        refusal = may_decide(person, proposal, proposal.approvers)
        if refusal is not None:
            raise NotAuthorised(refusal)
        if verdict_hash != proposal.verdict_hash:
            raise ProposalStale(proposal_id)
        decisions = (*proposal.decisions, Decision(person=person.name, decision=decision, reason=reason, at=datetime.now(UTC)))
        if decision == "reject":
            return self.put(proposal, status=ProposalStatus.REJECTED, decisions=decisions)
        if proposal.approvals_missing > 1:
            return self.put(proposal, decisions=decisions)
        executing = self.put(proposal, status=ProposalStatus.EXECUTING, decisions=decisions)
        time.sleep(self.executing_s)
        note = "1 of 1 steps done; the plant reads back as ordered."
        return self.put(executing, status=ProposalStatus.EXECUTED, outcome_note=note)

    def record(self, proposal_id: int, person: Person) -> DecisionRecord:
        proposal = self.proposal(proposal_id, person)
        seen = tuple(Seen(person=d.person, decision=d.decision, verdict_hash=proposal.verdict_hash) for d in proposal.decisions)
        shown = ({"element": "HV1 Line 14", "array": "branch_on", "expected": 0.0, "shown": 0.0},)
        return DecisionRecord(proposal=proposal, seen=seen, recheck_hash=None, read_back=shown, events=())

    def withdraw(self, proposal_id: int, person: Person) -> Proposal:
        proposal = self.proposal(proposal_id, person)
        refusal = may_withdraw(person, proposal)
        if refusal is not None:
            raise NotAuthorised(refusal)
        return self.put(proposal, status=ProposalStatus.WITHDRAWN)

    def acknowledge(self, key: str, person: Person, note: str = "") -> Acknowledgement:
        if key != ALARM:
            raise AlarmNotFound(f"There is no standing alarm '{key}'.")
        self.known.append((key, person.name, note))
        return Acknowledgement(grid="g", key=key, person=person.name, note=note, at=datetime.now(UTC), told_at=datetime.now(UTC))

    def evidence(self, session: str, call_id: str, person: Person, path: str | None = None) -> StoredCall:
        """Olga's conversation "hers" holds one call."""
        call = Call(id="E1", tool="power_flow", result={"losses_mw": 18.72})
        mine = [StoredCall(session="hers", question="Losses?", grid="g", state_id="3f", plant_time="t", source="live", call=call)]
        return evidence(mine if (session, person.name) == ("hers", "olga") else [], session, call_id, path)

    def map_of(self, grid: str) -> GridModel:
        raise AssertionError(f"no answer of this double draws a map of {grid}")

    def writes(self) -> SwitchPosition:
        return kill_switch.position(self.identity.engine)

    def stop_writes(self, person: Person, reason: str = "") -> SwitchPosition:
        kill_switch.stop(self.identity.engine, person, reason, now=datetime.now(UTC))
        return self._turned()

    def resume_writes(self, person: Person, reason: str) -> SwitchPosition:
        kill_switch.resume(self.identity.engine, person, reason, now=datetime.now(UTC))
        return self._turned()

    def _turned(self) -> SwitchPosition:
        found = self.writes()
        self.stopped = f"Writes are stopped by {found.person}: {found.reason}." if found.stopped else None
        self.version += 1
        return found

    def proposals_version(self) -> str:
        return str(self.version)

    def health(self) -> dict[str, JsonValue]:
        known: dict[str, JsonValue] = {"status": "ok", "grid": "1-HV-mixed--0-sw", "plant_time": "2016-08-12T09:45:00+00:00"}
        return {**known, "source": "live", "owner": "here:1", "fault": None, "brain": "embedded", "writes_stopped": self.stopped}

    def start(self) -> None: ...

    def stop(self) -> None: ...


def make_core(folder: Path) -> FakeCore:
    """A core with one person of each role and the passwords above."""
    engine = open_database(f"sqlite:///{folder / 'aeip.db'}")
    identity = Identity(engine, "k" * 48, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for name, password in PASSWORDS.items():
        identity.create_account(name, ROLES[name], password)
    return FakeCore(FakeSettings(folder), identity)


@pytest.fixture
def passwords() -> dict[str, str]:
    return PASSWORDS


@pytest.fixture(scope="session")
def web_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the process: Chainlit binds its root once, while it is imported."""
    return tmp_path_factory.mktemp("web")


@pytest.fixture
def core(web_folder: Path, tmp_path: Path) -> FakeCore:
    return FakeCore(FakeSettings(web_folder), make_core(tmp_path).identity)


@pytest.fixture
def host(core: FakeCore) -> FastAPI:
    return create_host(core)


@pytest.fixture
def anonymous(host: FastAPI) -> Iterator[TestClient]:
    """A browser at the sign-in page, with the host's background tasks running."""
    with TestClient(host, base_url="http://127.0.0.1:8000") as client:
        yield client


SignIn = Callable[[str], TestClient]


@pytest.fixture
def sign_in(host: FastAPI, anonymous: TestClient) -> SignIn:
    """Signs someone in as the page does; the client carries cookie and CSRF token."""

    def browser_of(name: str) -> TestClient:
        client = TestClient(host, base_url="http://127.0.0.1:8000")
        response = client.post("/chat/login", data={"username": name, "password": PASSWORDS[name]})
        assert response.status_code == 200, response.text
        client.headers["X-AEIP-CSRF"] = client.get("/api/v1/me").json()["csrf"]
        return client

    return browser_of
