"""`aeip audit`: the record of what was done."""

from typing import Annotated

import typer

from agent.cli.options import AsJson, DataDir, open_app, print_json
from agent.cli.terminal import say
from guardrails import audit as trail

audit = typer.Typer(help="The hash-chained audit trail.", no_args_is_help=True)


@audit.command("verify")
def verify(
    as_json: AsJson = False,
    head: Annotated[str | None, typer.Option(help="the head of an earlier report, kept elsewhere: it must still be in the chain")] = None,
    data_dir: DataDir = None,
) -> None:
    """Find the first broken link; exit status 1 if there is one."""
    report = trail.verify(open_app(data_dir=data_dir).engine, head)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        say(report.explanation)
    raise typer.Exit(0 if report.ok else 1)


@audit.command("export")
def export(data_dir: DataDir = None) -> None:
    """Every event as one JSON object a line."""
    for event in trail.export(open_app(data_dir=data_dir).engine):
        print_json(event.model_dump(mode="json"))
