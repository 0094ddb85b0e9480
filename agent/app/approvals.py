"""Decisions: a claim in the ledger, carried out by the plant's owner while the caller waits."""

import time

from agent.app.alarms import Alarms
from guardrails import audit, kill_switch
from guardrails.decision_record import DecisionRecord, decision_record
from guardrails.errors import OwnerElsewhere
from guardrails.kill_switch import SwitchPosition
from guardrails.people import LOCAL, Person
from guardrails.proposal_search import Listing, Wanted
from guardrails.proposals import Choice, Proposal
from guardrails.transitions import Status

_WAIT_S = 30.0  # how long a decision waits for the owner to carry it out
_POLL_S = 0.1


class Approvals(Alarms):
    """The same rules for every face."""

    def proposals(self, person: Person = LOCAL, status: str | None = None) -> list[Proposal]:
        """Newest first: all that wait for a decision, and the newest hundred of the others; of one status when it is named."""
        recent = self.ledger.list(status=Status(status) if status else None)
        waiting = self.ledger.list(Status.PENDING, limit=None) if status in (None, Status.PENDING) else ()
        found = {p.id: p for p in (*recent, *waiting)}
        return [found[number] for number in sorted(found, reverse=True)]

    def proposal_page(self, person: Person, wanted: Wanted, limit: int, offset: int = 0) -> Listing:
        """One page of the queue as this person asked for it: what waits first; and how many there are in all."""
        return self.ledger.page(wanted, limit, offset)

    def proposal(self, proposal_id: int, person: Person = LOCAL) -> Proposal:
        """One proposal. Raises ProposalNotFound."""
        return self.ledger.get(proposal_id)

    def decide(
        self, proposal_id: int, person: Person, decision: Choice, *, verdict_hash: str, reason: str, typed_name: str = ""
    ) -> Proposal:
        """Claim the decision; an approval is carried out by the owner, or by this process for the command when no owner runs.

        Raises what the ledger raises, and OwnerElsewhere inside a host of another grid: an order must not lie in wait for a plant.
        """
        grid = self.ledger.get(proposal_id).grid
        if decision == "approve" and self._owner is not None and not self._owns(grid) and self.leases.holder(grid) is None:
            raise OwnerElsewhere(
                f"No plant of '{grid}' runs here, so nothing could carry out proposal {proposal_id}; its owner has to run first."
            )
        if decision == "approve" and (self._owns(grid) or self.leases.holder(grid) is None):
            self.gate(self._name_of(grid))  # what this process could not carry out is refused here: no order lies in wait for it
        proposal = self.ledger.decide(proposal_id, person, decision, verdict_hash, reason, typed_name)
        return proposal if proposal.status is not Status.APPROVED else self._wait(proposal_id)

    def _owns(self, grid: str) -> bool:
        return self._owner is not None and self._owner.grid == grid

    def _name_of(self, grid: str) -> str:
        """How the settings name the grid that its model calls so: a file's model is called like the file. Raises UnknownGrid."""
        name = self.settings.grid if self.grid().model.name == grid else grid
        self.grid(name)
        return name

    def record(self, proposal_id: int, person: Person = LOCAL) -> DecisionRecord:
        """All that ledger and audit know of one. Raises ProposalNotFound, LedgerUnreadable."""
        return decision_record(self.engine, proposal_id)

    def withdraw(self, proposal_id: int, person: Person) -> Proposal:
        """Take back one's own pending proposal."""
        return self.ledger.withdraw(proposal_id, person)

    def writes(self) -> SwitchPosition:
        """Whether writes are stopped, by whom and why."""
        return kill_switch.position(self.engine)

    def stop_writes(self, person: Person, reason: str = "") -> SwitchPosition:
        """Stop every write of every process on this ledger. Raises NotAuthorised."""
        kill_switch.stop(self.engine, person, reason, now=self.now())
        return self.writes()

    def resume_writes(self, person: Person, reason: str) -> SwitchPosition:
        """Let writes go on. Raises NotAuthorised, ConfirmationMissing without a reason."""
        kill_switch.resume(self.engine, person, reason, now=self.now())
        return self.writes()

    def proposals_version(self) -> str:
        """Changes whenever the ledger does."""
        return audit.head(self.engine)

    def _carry_out_once(self, grid: str) -> None:
        owner = self.new_owner(grid)
        try:
            owner.take()
        except OwnerElsewhere:
            return  # somebody became the owner meanwhile and will carry it out
        try:
            owner.tick()
        finally:
            owner.stop()

    def _wait(self, proposal_id: int) -> Proposal:
        """Until it is carried out: by the owner, or by this process as long as nobody owns the plant."""
        deadline = time.monotonic() + _WAIT_S
        while True:
            proposal = self.ledger.get(proposal_id)
            if proposal.status is Status.APPROVED and self._owner is None and self.leases.holder(proposal.grid) is None:
                self._carry_out_once(self._name_of(proposal.grid))
                proposal = self.ledger.get(proposal_id)
            if proposal.status not in (Status.APPROVED, Status.EXECUTING) or time.monotonic() > deadline:
                return proposal
            time.sleep(_POLL_S)
