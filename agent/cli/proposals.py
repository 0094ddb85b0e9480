"""`aeip proposals`: the same rules as the approvals page."""

from typing import Annotated

import typer

from agent.cli.options import AsJson, DataDir, Grid, User, open_app, print_json, who
from guardrails.proposals import Proposal

proposals = typer.Typer(help="The approval queue.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="number of the proposal")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="why, for the record")]


@proposals.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="only this status, e.g. pending")] = None,
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Newest first."""
    found = open_app(grid, data_dir).proposals(status=status)
    if as_json:
        print_json([p.model_dump(mode="json") for p in found])
        return
    for p in found:
        typer.echo(f"{p.id:5}  {p.status.value:10}  {p.requested_by:12}  {p.created_at:%Y-%m-%d %H:%M}Z  {p.words()}")
    if not found:
        typer.echo("No proposals.")


@proposals.command("show")
def show(number: Number, grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """One proposal with its clauses."""
    _print(open_app(grid, data_dir).proposal(number), as_json)


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
    typer.echo(f"Proposal {proposal.id} on {proposal.grid}: {proposal.words()}")
    typer.echo(f"  {proposal.status.value}; asked by {proposal.requested_by}: {proposal.reason}")
    for switches in proposal.verdict.breakers:
        if switches:
            typer.echo(f"  moves {', '.join(switches)}")
    if proposal.touched:
        typer.echo(f"  operates {', '.join(place.words() for place in proposal.touched)}")
    for clause in proposal.verdict.clauses:
        typer.echo(f"  [{clause.outcome.value}] {clause.rule}: {clause.explanation}")
    for decision in proposal.decisions:
        typer.echo(f"  {decision.decision} by {decision.person} at {decision.at:%H:%M:%S}Z {decision.reason}")
    for step in proposal.steps:
        typer.echo(f"  step {step.index + 1}: {step.status} {step.note}")
    if proposal.outcome_note:
        typer.echo(f"  {proposal.outcome_note}")
