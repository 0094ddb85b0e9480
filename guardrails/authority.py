"""Who may do what, and where: pure functions that return None, or the reason why not."""

from collections.abc import Mapping, Sequence

from guardrails.person import LOCAL, Person, Role, person_key
from guardrails.proposals import Proposal
from guardrails.scope import Touched, outside

_PROPOSE = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_DECIDE = frozenset({Role.SUPERVISOR})  # not administrators: who makes accounts does not also decide with them
_STOP = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
_ACKNOWLEDGE = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
_TAG = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_RESUME = frozenset({Role.SUPERVISOR})
_ADMINISTER = frozenset({Role.ADMINISTRATOR})


def may_propose(person: Person, touched: Sequence[Touched] = ()) -> str | None:
    """Anyone who operates, `local` included, where they may act. Without `touched` nothing is known, and a scoped person may not."""
    return _by_role(person, _PROPOSE, "propose a change of the grid") or _by_scope(person, touched, "propose it")


def may_decide(person: Person, proposal: Proposal, previous_approvers: Sequence[str]) -> str | None:
    """Four eyes: a supervisor with a credential, not the requester, not one who has approved it before, and where they may act."""
    if _is_local(person):
        return f"'{person.name}' has no credential and decides nothing; a supervisor other than {proposal.requested_by} can, signed in."
    if person_key(person.name) == person_key(proposal.requested_by):
        return f"{person.name} requested proposal {proposal.id} and cannot decide on it; another supervisor can."
    if person_key(person.name) in map(person_key, previous_approvers):
        return f"{person.name} has approved proposal {proposal.id} already; it needs a second, different supervisor."
    what = f"decide on proposal {proposal.id}"
    return _by_role(person, _DECIDE, what) or _by_scope(person, proposal.touched, what)


def may_withdraw(person: Person, proposal: Proposal) -> str | None:
    """Only who requested it; others reject."""
    if person_key(person.name) == person_key(proposal.requested_by):
        return None
    return f"Proposal {proposal.id} was requested by {proposal.requested_by}; only they can withdraw it, a supervisor can reject it."


def may_stop(person: Person) -> str | None:
    """Stopping is the safe direction: everyone but viewers, `local` included."""
    return _by_role(person, _STOP, "stop the writes")


def may_resume(person: Person) -> str | None:
    if _is_local(person):
        return f"'{person.name}' has no credential; a supervisor can resume the writes, signed in."
    return _by_role(person, _RESUME, "resume the writes")


def may_acknowledge(person: Person) -> str | None:
    """To know of an alarm changes nothing of the grid: everyone but viewers, `local` included."""
    return _by_role(person, _ACKNOWLEDGE, "acknowledge an alarm")


def may_administer(person: Person, whom: str) -> str | None:
    """An administrator with a credential, and never their own account: so at least one always stays."""
    if _is_local(person):
        return f"'{person.name}' has no credential and cannot change the account of '{whom}'; an administrator can, with --user NAME."
    if person_key(person.name) == person_key(whom):
        return f"{person.name} cannot change their own account; another administrator can."
    return _by_role(person, _ADMINISTER, f"change the account of '{whom}'")


def may_tag(person: Person, touched: Sequence[Touched]) -> str | None:
    """A tag names whom to call, so `local` sets none."""
    if _is_local(person):
        return f"'{person.name}' has no credential, and a tag has to name somebody; an operator or supervisor can set it, signed in."
    return _by_role(person, _TAG, "set a tag") or _by_scope(person, touched, "tag it")


def may_lift(person: Person, number: int, set_by: str, touched: Sequence[Touched]) -> str | None:
    """Who set it knows whether the work is done; a supervisor answers for those who have gone home."""
    if _is_local(person):
        return f"'{person.name}' has no credential; {set_by}, who set tag {number}, or a supervisor can lift it, signed in."
    if person_key(person.name) == person_key(set_by):
        return _by_role(person, _TAG, f"lift tag {number}")
    if person.role is not Role.SUPERVISOR:
        return f"Tag {number} was set by {set_by}; {person.name} is {person.role} and may not lift it, {set_by} or a supervisor may."
    return _by_scope(person, touched, f"lift tag {number}")


def unfounded(proposal: Proposal) -> str | None:
    """Why the stored approvals do not carry an execution; asked by the owner, independently of who took the decisions."""
    keys = {person_key(name) for name in proposal.approvers}
    if person_key(proposal.requested_by) in keys or LOCAL.name in keys:
        return f"Proposal {proposal.id} was approved by someone who must not: {', '.join(proposal.approvers)}."
    missing = (2 if proposal.critical else 1) - len(keys)
    return f"Proposal {proposal.id} lacks {missing} approval(s) by different people." if missing > 0 else None


def rights_lost(proposal: Proposal, recorded: Mapping[str, Person | None]) -> str | None:
    """Why those who asked and approved might not do so now: removed, of another role, or of another scope since.

    recorded: each of them by the name in the proposal, as the ledger knows them now; None for who is no longer there.
    """
    for name in (proposal.requested_by, *proposal.approvers):
        person = recorded.get(name)
        if person is None:
            return f"{name} is no longer a person of this ledger."
        asked = person_key(name) == person_key(proposal.requested_by)
        why = may_propose(person, proposal.touched) if asked else may_decide(person, proposal, ())
        if why is not None:
            return why
    return None


def _is_local(person: Person) -> bool:
    return person_key(person.name) == LOCAL.name


def _by_role(person: Person, allowed: frozenset[Role], what: str) -> str | None:
    if person.role in allowed:
        return None
    return f"{person.name} is {person.role} and may not {what}; {' or '.join(sorted(allowed))} may."


def _by_scope(person: Person, touched: Sequence[Touched], what: str) -> str | None:
    found = outside(person.scope, touched)
    if found is None:
        return None
    return f"{person.name} acts only {person.scope.words()}, and {found} lies outside: {person.name} may not {what}."
