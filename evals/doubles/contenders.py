"""Many processes, each with a connection of its own, that try the same thing at the same moment; how often each answer came."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from agent.live_plant import LivePlant
from evals.doubles.mortal_owner import Clock, CountingPlant, Site, gate_on, processes
from grid_models.errors import AeipError
from guardrails.database import open_database
from guardrails.errors import ProposalNotPending
from guardrails.execution import carry_out
from guardrails.lease import Leases
from guardrails.ledger import Ledger
from guardrails.people import Person, Role
from guardrails.transitions import Status

LOST = "lost"  # somebody else was first
_DAY = date(2026, 11, 20)  # of the rules in force
_PATIENCE_S = 120.0  # 32 processes on two cores need a few seconds

Attempt = Callable[[], str]
Contest = Callable[[Site, Ledger, str], Attempt]  # prepares one contender by name; what it returns is tried when all are ready


def contend(site: Site, at: datetime, contest: Contest, names: Sequence[str]) -> Counter[str]:
    """One process a name. An answer is what the attempt returned, `LOST`, or another refusal. Raises queue.Empty if one never answers."""
    start, answers = processes().Barrier(len(names)), processes().Queue()
    running = [processes().Process(target=_contender, args=(site, at, contest, name, start, answers)) for name in names]
    for process in running:
        process.start()
    found = Counter(answers.get(timeout=_PATIENCE_S) for _ in running)
    for process in running:
        process.join(_PATIENCE_S)
    return found


def leasing(site: Site, ledger: Ledger, name: str) -> Attempt:
    """Each wants to own the plant."""
    leases = Leases(ledger.engine, ledger.now)
    return lambda: LOST if leases.acquire(name, site.grid.model.name, timedelta(seconds=15)) is None else "owner"


def claiming(site: Site, ledger: Ledger, name: str) -> Attempt:
    """Each believes to be the owner and carries out proposal 1."""
    plant = LivePlant(site.grid, CountingPlant(site, ledger.now), site.folder, lambda: gate_on(_DAY).limits, ledger.now)
    return lambda: carry_out(ledger, 1, gate_on(_DAY).check, plant).status


def approving(site: Site, ledger: Ledger, name: str) -> Attempt:
    """Each approves proposal 1, and who has approved it carries it out as well."""
    decide, carry = deciding(site, ledger, name), claiming(site, ledger, name)

    def attempt() -> str:
        decided = decide()
        return carry() if decided == Status.APPROVED else decided

    return attempt


def deciding(_site: Site, ledger: Ledger, name: str) -> Attempt:
    """Each does with proposal 1 what its name begins with: approve, reject, withdraw (as olga, who asked for it) or let it expire."""
    shown, verb, person = ledger.get(1), name.partition("-")[0], Person(name=name, role=Role.SUPERVISOR)
    olga = Person(name=shown.requested_by, role=Role.OPERATOR)
    attempts: dict[str, Attempt] = {
        "approve": lambda: ledger.decide(1, person, "approve", shown.verdict_hash, "fine", shown.elements[0]).status,
        "reject": lambda: ledger.decide(1, person, "reject", shown.verdict_hash, "not now").status,
        "withdraw": lambda: ledger.withdraw(1, olga).status,
        "expire": lambda: Status.EXPIRED if ledger.expire_due(shown.expires_at) else LOST,
    }
    return attempts[verb]


def _contender(site: Site, at: datetime, contest: Contest, name: str, start: Barrier, answers: "Queue[str]") -> None:
    engine = open_database(site.database_url)
    attempt = contest(site, Ledger(engine, Clock(at, time.monotonic())), name)
    start.wait(_PATIENCE_S)
    try:
        answers.put(attempt())
    except ProposalNotPending:
        answers.put(LOST)
    except AeipError as error:
        answers.put(f"{type(error).__name__}: {error}")
