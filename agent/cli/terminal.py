"""Words on a terminal: names, reasons and file names must neither steer it nor pass for lines of ours."""

import typer

from agent.rendering.harmless import visible


def say(words: str, *, err: bool = False, lines: bool = False) -> None:
    """One line of output, several with `lines`; escape sequences and direction marks show as what they are: something unseen."""
    text = visible(words)
    typer.echo(text if lines else " ".join(text.split("\n")), err=err)
