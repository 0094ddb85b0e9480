"""What the guardrails refuse, in sentences for the person who asked: what was asked, what was found, what would work."""

from collections.abc import Sequence

from grid_models.errors import AeipError


class InvalidRule(AeipError):
    """A rule file that cannot be read as a rule; nothing is checked with half a rule pack."""


class NotAuthorised(AeipError):
    """The person may not do this; the message says who may."""


class ProposalNotFound(AeipError):
    """No proposal has this number."""

    def __init__(self, proposal_id: int) -> None:
        super().__init__(f"There is no proposal {proposal_id}; `aeip proposals list` shows those that exist.")
        self.proposal_id = proposal_id


class ProposalNotPending(AeipError):
    """The proposal has left the state the request needs: it was decided, withdrawn, expired or carried out. `status` is the present one."""

    def __init__(self, proposal_id: int, status: str, wanted: str = "pending") -> None:
        super().__init__(f"Proposal {proposal_id} is not {wanted}: it is {status}. Make a new proposal if the change is still wanted.")
        self.proposal_id = proposal_id
        self.status = status


class ProposalStale(AeipError):
    """The decision was made on another verdict than the one that is stored."""

    def __init__(self, proposal_id: int) -> None:
        super().__init__(f"The verdict you saw for proposal {proposal_id} is not the stored one; open its card again and decide on that.")
        self.proposal_id = proposal_id


class ConfirmationMissing(AeipError):
    """A decision lacks what it needs: the name of the element typed for a critical change, or the reason of a rejection."""


class InvalidPerson(AeipError):
    """A name that is empty, reserved or taken."""


class IllegalTransition(AeipError):
    """The event cannot happen to a proposal in this status."""

    def __init__(self, status: str, event: str, possible: Sequence[str]) -> None:
        super().__init__(f"A proposal that is {status} cannot have the event '{event}'; possible: {', '.join(possible) or 'nothing'}.")


class WritesStopped(AeipError):
    """The kill switch is on, or cannot be read: nothing is approved or executed."""


class LedgerUnreadable(AeipError):
    """The database cannot be opened, is damaged, or contradicts its own audit trail; fail closed."""


class OwnerElsewhere(AeipError):
    """Another process owns the plant, or this plant is another grid than the proposal's."""


class InvalidAcknowledgement(AeipError):
    """An acknowledgement that names no alarm or has no time zone."""


class InvalidTag(AeipError):
    """A tag, or its lifting, that does not say why."""


class TagNotFound(AeipError):
    """No tag with this number stands."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no standing tag {number}; `aeip tags list` shows those that stand and their numbers.")


class AlarmNotFound(AeipError):
    """An alarm that does not stand cannot be acknowledged."""
