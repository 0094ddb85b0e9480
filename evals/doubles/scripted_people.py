"""The shift: people who do what the script says, through the same door as the page and the command line."""

from dataclasses import dataclass

from agent.app import App
from grid_models.errors import AeipError
from guardrails import kill_switch, people
from guardrails.people import LOCAL, Person, Role
from guardrails.proposals import Choice, Proposal

STAFF = {"olga": Role.OPERATOR, "sven": Role.SUPERVISOR, "sara": Role.SUPERVISOR, "vera": Role.VIEWER}


class NotOnShift(AeipError):
    """The script names somebody who is not there."""


@dataclass(frozen=True)
class ScriptedPeople:
    """Olga operates; Sven and Sara supervise; Vera may only look."""

    app: App

    def hire(self) -> None:
        """Record everybody in the app's ledger."""
        for name, role in STAFF.items():
            people.add(self.app.engine, name, role, by="evals", now=self.app.now())

    def person(self, name: str) -> Person:
        """Raises NotOnShift."""
        found = LOCAL if name == LOCAL.name else people.get(self.app.engine, name)
        if found is None:
            raise NotOnShift(f"Nobody called '{name}' is on shift; {', '.join(STAFF)} or {LOCAL.name} are.")
        return found

    def decide(self, proposal_id: int, by: str, choice: Choice, reason: str, typed_name: str = "") -> Proposal:
        """Look at the card and decide on what it shows. Raises what the app raises."""
        shown = self.app.proposal(proposal_id).verdict_hash
        return self.app.decide(proposal_id, self.person(by), choice, verdict_hash=shown, reason=reason, typed_name=typed_name)

    def switch_writes(self, by: str, reason: str, *, stop: bool) -> None:
        """Turn the kill switch. Raises NotAuthorised."""
        turn = kill_switch.stop if stop else kill_switch.resume
        turn(self.app.engine, self.person(by), reason, now=self.app.now())
