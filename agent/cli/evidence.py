"""`aeip evidence`: what an E1 of an answer was, as long as its conversation is kept."""

from typing import Annotated

import typer

from agent.app.conversations import StoredCall
from agent.cli.options import AsJson, DataDir, User, open_app, print_json, who
from agent.cli.terminal import say


def evidence(
    session: Annotated[str, typer.Argument(help="the conversation, as `session` in its answers")],
    call_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="E1, E2, ...; all of them when left out")] = None,
    path: Annotated[str | None, typer.Option(help="JMESPath into the result, as in the answer's evidence")] = None,
    user: User = "local",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show the study behind a number: its arguments, the state it ran on, its result. A conversation is shown to whoever asked in it."""
    app = open_app(data_dir=data_dir)
    person = who(app, user)
    if call_id is None:
        if path is not None:
            raise typer.BadParameter("--path needs the ID of a call")
        kept = app.conversation_calls(session, person)
        print_json([one.model_dump(mode="json") for one in kept]) if as_json else _list(kept)
        return
    found = app.evidence(session, call_id, person, path)
    print_json(found.model_dump(mode="json")) if as_json else _show(found)


def _list(kept: list[StoredCall]) -> None:
    for one in kept:
        say(f"{one.call.id:4} {one.call.tool:22} {one.question}")


def _show(found: StoredCall) -> None:
    call = found.call
    say(f"{call.id}: {call.tool} for '{found.question}'")
    say(f"{found.grid}, {found.source} state {found.state_id}, plant time {found.plant_time}")
    if found.at is not None:
        say(f"{found.at.path} = {found.at.text} ({found.at.value!r})")
    else:
        say(str(call.result.get("headline") or call.error or "no sentence"), lines=True)
        say("--path PATH shows a number, --json all of it")
