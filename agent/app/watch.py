"""Who looks on while a question is answered, and whether they have had enough."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.graph import Event
from tools.context import ProgressCallback, never


def nobody(event: Event) -> None:
    """Nobody looks on."""


@dataclass(frozen=True)
class Watch:
    """`notify` gets every event of the turn, `progress` only how far a study is; `cancelled` is asked between a study's blocks."""

    notify: Callable[[Event], None] = nobody
    cancelled: Callable[[], bool] = never
    progress: ProgressCallback | None = None

    def told(self, done: int, total: int) -> None:
        """A study has done so much."""
        self.notify({"type": "progress", "done": done, "total": total})
        if self.progress is not None:
            self.progress(done, total)
