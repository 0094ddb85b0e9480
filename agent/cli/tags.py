"""`aeip tags`: what is earthed, tagged or locked out, so that no order operates or energises it."""

from typing import Annotated

import typer

from agent.app import App
from agent.cli.options import AsJson, DataDir, Grid, User, open_app, print_json, who
from agent.cli.terminal import say
from guardrails.circumstances import TagKind
from guardrails.tags import StandingTag, lift_tag, set_tag, standing_tags
from guardrails.transitions import Status

tags = typer.Typer(help="Tags on equipment: nothing that bears one is operated or energised.", no_args_is_help=True)


def _kind(typed: str) -> TagKind:
    """'locked-out' saves the quotes of 'locked out'."""
    try:
        return TagKind(typed.replace("-", " ").lower())
    except ValueError:
        raise typer.BadParameter(f"'{typed}' is no kind of tag; {', '.join(k.replace(' ', '-') for k in TagKind)} work.") from None


Note = Annotated[str, typer.Option("--note", "-n", help="the work, e.g. a permit's number; it is read out in every refusal")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="why, for the record")]


@tags.command("list")
def list_(grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Those that stand, the oldest first, each with the number that `lift` takes."""
    app = open_app(grid, data_dir)
    found = standing_tags(app.engine, app.grid().model.name)
    if as_json:
        print_json([tag.model_dump(mode="json") for tag in found])
        return
    for tag in found:
        say(_line(tag))
    if not found:
        say("No tag stands.")


@tags.command("set")
def set_(
    element: Annotated[str, typer.Argument(help="name of the element")],
    kind: Annotated[TagKind, typer.Argument(parser=_kind, metavar="earthed|tagged|locked-out", help="why it must stay as it is")],
    note: Note,
    user: User,
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Set a tag; an operator or supervisor, by name."""
    app = open_app(grid, data_dir)
    tag = set_tag(app.engine, app.grid().model, element, kind, who(app, user), note, now=app.now())
    _warn_of_the_unfinished(app, tag)
    _print(tag, as_json)


@tags.command("lift")
def lift(
    number: Annotated[int, typer.Argument(help="number of the tag")],
    reason: Reason,
    user: User,
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Lift a tag of the grid; who set it, or a supervisor."""
    app = open_app(grid, data_dir)
    _print(lift_tag(app.engine, app.grid().model, number, who(app, user), reason, now=app.now()), as_json)


def _warn_of_the_unfinished(app: App, tag: StandingTag) -> None:
    """Whatever begins from now on meets the tag; what began before may not have."""
    running = ", ".join(str(p.id) for p in app.ledger.list(Status.EXECUTING, tag.grid))
    if running:
        say(f"Proposal {running} is being carried out on {tag.grid} and may not have met this tag: look before you work.", err=True)


def _print(tag: StandingTag, as_json: bool) -> None:
    if as_json:
        print_json(tag.model_dump(mode="json"))
    else:
        say(_line(tag))


def _line(tag: StandingTag) -> str:
    return f"{tag.id:4}  {tag.kind.value:10}  {tag.element}  {tag.person}, {tag.at:%Y-%m-%d %H:%M}Z: {tag.note}"
