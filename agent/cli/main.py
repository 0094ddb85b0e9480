"""`aeip`: the table of commands and the one place where errors become sentences."""

import logging
import sys
import uuid

import typer
from rich.console import Console
from rich.logging import RichHandler

from agent.cli import alarms, ask, evidence, grids, knowledge, proposals, records, replay, study, system, tags, users, writes
from agent.rendering.harmless import visible
from grid_models.errors import AeipError

_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}

cli = typer.Typer(
    help="AEIP: ask the grid in plain language; changes are proposed, checked and approved.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
cli.command("ask")(ask.ask)
cli.command("evidence")(evidence.evidence)
cli.command("study")(study.study)
cli.command("tools")(study.tools)
cli.command("replay")(replay.replay)
cli.command("chat")(system.chat)
cli.command("doctor")(system.doctor)
cli.add_typer(proposals.proposals, name="proposals")
cli.add_typer(alarms.alarms, name="alarms")
cli.add_typer(writes.writes, name="writes")
cli.add_typer(tags.tags, name="tags")
cli.add_typer(records.audit, name="audit")
cli.add_typer(users.users, name="users")
cli.add_typer(grids.grid, name="grid")
cli.add_typer(knowledge.knowledge, name="knowledge")
for name in ("eval", "bench"):
    cli.command(name, context_settings=_ANYTHING, add_help_option=False)(system.plugin(name))
cli.command("mcp", context_settings=_ANYTHING)(system.not_built("mcp"))


def main() -> None:
    """Entry point of the `aeip` script. Exit status 1 with one sentence for a failure, 2 for a usage error."""
    logging.basicConfig(level=logging.WARNING, handlers=[RichHandler(console=Console(stderr=True), show_path=False)], format="%(message)s")
    try:
        cli()
    except AeipError as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        sys.exit(1)
    except Exception as error:
        number = uuid.uuid4().hex[:8]
        logging.getLogger("aeip").debug("failed [%s]", number, exc_info=True)
        sys.stderr.write(
            f"Something failed inside ({type(error).__name__}: {visible(str(error))}, number {number}); nothing was changed. "
            "`aeip doctor` checks the installation.\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
