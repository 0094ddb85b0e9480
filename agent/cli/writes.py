"""`aeip writes`: the kill switch. Stopping is quick; going on needs a supervisor and a reason."""

from typing import Annotated

import typer

from agent.cli.options import DataDir, User, open_app, who
from agent.cli.terminal import say
from guardrails import kill_switch

writes = typer.Typer(help="Stop all writes at once, or let them go on.", no_args_is_help=True)
Reason = Annotated[str, typer.Option("--reason", "-r", help="why, for the record")]


@writes.command("status")
def status(data_dir: DataDir = None) -> None:
    """Whether writes run."""
    say(open_app(data_dir=data_dir).writes_stopped() or "Writes run.")


@writes.command("stop")
def stop(reason: Reason, user: User = "local", data_dir: DataDir = None) -> None:
    """Nothing is proposed, approved or executed from now on, in no process on this ledger."""
    app = open_app(data_dir=data_dir)
    kill_switch.stop(app.engine, who(app, user), reason, now=app.now())
    say(app.writes_stopped() or "Writes run.")


@writes.command("resume")
def resume(reason: Reason, user: User, data_dir: DataDir = None) -> None:
    """Let writes go on; needs a supervisor."""
    app = open_app(data_dir=data_dir)
    kill_switch.resume(app.engine, who(app, user), reason, now=app.now())
    say("Writes run.")
