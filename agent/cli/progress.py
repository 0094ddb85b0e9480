"""A line of progress on the terminal for what takes over a second; nothing where nobody looks."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.context import ProgressCallback

_PATIENCE_S = 1.0  # what is done sooner needs no bar


@contextmanager
def progress_bar(words: str) -> Iterator[ProgressCallback]:
    """A callback (done, total) that draws on stderr, so that stdout stays what was asked for."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task, began = bar.add_task(words, total=None), time.monotonic()

    def show(done: int, total: int) -> None:
        if time.monotonic() - began > _PATIENCE_S:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()
