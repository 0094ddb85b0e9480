"""What the ledger and its audit hold."""

from collections.abc import Iterator, Mapping, Sequence

from agent.app import App
from evals.checks.score import Score, judged
from guardrails import audit
from guardrails.transitions import Status


def check_ledger(app: App, expected: Mapping[Status, int]) -> Iterator[Score]:
    """How many proposals have each status."""
    for status, count in expected.items():
        found = len(app.proposals(status=status))
        yield judged("ledger", found == count, f"{found} proposals are {status}, expected {count}")


def check_events(app: App, proposal_id: int, expected: Sequence[str]) -> Score:
    """The audit's events of one proposal, all of them and in order."""
    found = [event.event for event in audit.export(app.engine) if event.proposal_id == proposal_id]
    return judged("audit events", found == list(expected), f"proposal {proposal_id}: {', '.join(found)}")
