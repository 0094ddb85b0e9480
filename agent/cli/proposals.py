"""`aeip proposals`: the same rules as the approvals page."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, DataDir, Grid, User, open_app, print_json, who
from agent.cli.terminal import say
from guardrails.people import LOCAL
from guardrails.proposal_search import Wanted
from guardrails.proposals import Proposal
from guardrails.transitions import Status

proposals = typer.Typer(help="The approval queue.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="number of the proposal")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="why, for the record")]


@proposals.command("list")
def list_(
    status: Annotated[Status | None, typer.Option(help="only this status")] = None,
    person: Annotated[str, typer.Option(help="only what this person asked for or decided on")] = "",
    text: Annotated[str, typer.Option(help="only where actions, switches, reason or outcome contain it")] = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="how many at most")] = 100,
    offset: Annotated[int, typer.Option(min=0, help="how many to leave out first")] = 0,
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """What waits for a decision first, then newest first; of one grid when --grid names it."""
    name = Path(grid).stem if grid and Path(grid).is_file() else grid or ""  # a grid from a file is called like the file
    wanted = Wanted(statuses=(status,) if status else (), grid=name, person=person, text=text)
    found = open_app(grid, data_dir).proposal_page(LOCAL, wanted, limit, offset)
    if as_json:
        print_json([p.model_dump(mode="json") for p in found.proposals])
    for p in () if as_json else found.proposals:
        say(f"{p.id:5}  {p.status.value:10}  {p.requested_by:12}  {p.created_at:%Y-%m-%d %H:%M}Z  {p.words()}")
    if not found.total and not as_json:
        say("No proposals.")
    if len(found.proposals) < found.total:
        shown = f"{offset + 1} to {offset + len(found.proposals)}" if found.proposals else "None"
        say(f"{shown} of {found.total} proposals shown; --limit and --offset show others.", err=True)


@proposals.command("show")
def show(number: Number, grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """One proposal with its clauses."""
    _print(open_app(grid, data_dir).proposal(number), as_json)


@proposals.command("record")
def record(number: Number, grid: Grid = None, data_dir: DataDir = None) -> None:
    """All that ledger and audit know of one proposal, as JSON."""
    print_json(open_app(grid, data_dir).record(number).model_dump(mode="json"))


@proposals.command("approve")
def approve(
    number: Number,
    user: User = "local",
    reason: Reason = "",
    type_name: Annotated[str, typer.Option("--type-name", help="the element's name, needed for critical changes")] = "",
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Approve and wait for the result."""
    app = open_app(grid, data_dir)
    person = who(app, user)
    seen = app.proposal(number)
    _print(app.decide(number, person, "approve", verdict_hash=seen.verdict_hash, reason=reason, typed_name=type_name), as_json)


@proposals.command("reject")
def reject(
    number: Number, reason: Reason, user: User = "local", grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None
) -> None:
    """Reject with a reason."""
    app = open_app(grid, data_dir)
    person = who(app, user)
    seen = app.proposal(number)
    _print(app.decide(number, person, "reject", verdict_hash=seen.verdict_hash, reason=reason), as_json)


@proposals.command("withdraw")
def withdraw(number: Number, user: User = "local", grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Take back one's own proposal while it waits."""
    app = open_app(grid, data_dir)
    _print(app.withdraw(number, who(app, user)), as_json)


def _print(proposal: Proposal, as_json: bool) -> None:
    if as_json:
        print_json(proposal.model_dump(mode="json"))
        return
    say(f"Proposal {proposal.id} on {proposal.grid}: {proposal.words()}")
    say(f"  {proposal.status.value}; asked by {proposal.requested_by}: {proposal.reason}")
    for switches in proposal.verdict.breakers:
        if switches:
            say(f"  moves {', '.join(switches)}")
    if proposal.touched:
        say(f"  operates {', '.join(place.words() for place in proposal.touched)}")
    for clause in proposal.verdict.clauses:
        say(f"  [{clause.outcome.value}] {clause.rule}: {clause.explanation}")
    for decision in proposal.decisions:
        say(f"  {decision.decision} by {decision.person} at {decision.at:%H:%M:%S}Z {decision.reason}")
    for step in proposal.steps:
        say(f"  step {step.index + 1}: {step.status} {step.note}")
    if proposal.outcome_note:
        say(f"  {proposal.outcome_note}")
