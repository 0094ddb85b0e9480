"""Somebody who sees everything that happens in a control room and judges each command by it, not by what the ledger says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grid_models.actions import Action
from guardrails.people import Role
from guardrails.proposals import Proposal
from guardrails.verdict import Verdict

_EXPIRES_IN = timedelta(minutes=15)  # DESIGN 2, said once more: the ledger's own constants are what is judged
_CARRY_OUT_WITHIN = timedelta(minutes=2)


@dataclass
class Known:
    """One proposal as the observer saw it come about."""

    actions: tuple[Action, ...]
    shown: Verdict
    requester: str
    deadline: datetime
    approvers: set[str] = field(default_factory=set)
    ended: bool = False
    commands: int = 0
    carried_out: int = 0


@dataclass
class Observer:
    """`unsafe` names every promise that a command broke. `roles` by name in lower case."""

    roles: Mapping[str, Role]
    known: dict[int, Known] = field(default_factory=dict)
    stopped: bool = False
    checked: tuple[str, tuple[Action, ...]] | None = None  # state and actions of the owner's last check
    keys: Counter[str] = field(default_factory=Counter)
    unsafe: list[str] = field(default_factory=list)

    def submitted(self, proposal: Proposal, at: datetime) -> None:
        """The ledger has taken it."""
        self.known[proposal.id] = Known(proposal.actions, proposal.verdict, proposal.requested_by.casefold(), at + _EXPIRES_IN)

    def approved(self, proposal_id: int, name: str, seen: str, at: datetime) -> None:
        """The ledger has taken an approval; one given to something else than what was shown counts for nothing."""
        known = self.known[proposal_id]
        if seen == known.shown.hash:
            known.approvers.add(name.casefold())
        known.deadline = max(known.deadline, at + _CARRY_OUT_WITHIN)

    def commanded(self, key: str, action: Action, at: datetime, now_found: Verdict) -> Known:
        """A command has reached the plant. now_found: what a check of the whole list says on the true state of this moment."""
        known = self.known[int(key.partition("-")[0])]
        self.keys[key] += 1
        promises = self._always(known, key, action) | (self._at_the_first(known, at, now_found) if known.commands == 0 else {})
        self.unsafe += [promise for promise, kept in promises.items() if not kept]
        known.commands += 1
        return known

    def _always(self, known: Known, key: str, action: Action) -> dict[str, bool]:
        critical = any(clause.critical and clause.outcome != "not applicable" for clause in known.shown.clauses)
        return {
            "no key twice": self.keys[key] == 1,
            "the next action of its list": known.actions[known.commands : known.commands + 1] == (action,),
            "approved by supervisors": all(self.roles.get(name) is Role.SUPERVISOR for name in known.approvers),
            "approved by somebody else": known.requester not in known.approvers,
            "approved by enough people": len(known.approvers) >= (2 if critical else 1),
            "neither rejected nor withdrawn": not known.ended,
            "writes allowed": not self.stopped,
        }

    def _at_the_first(self, known: Known, at: datetime, now_found: Verdict) -> dict[str, bool]:
        return {
            "in time": at < known.deadline,
            "checked on this very state": self.checked == (now_found.state_id, known.actions),
            "passes now": not now_found.blocked,
            "passes as shown": now_found.outcome is known.shown.outcome,
        }
