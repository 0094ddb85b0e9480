"""How is lost load and generation told? Only what does not round to nothing."""

from agent.rendering.marks import Marks
from agent.rendering.reading import Row, amount

NEGLIGIBLE_MW = 0.05  # rounds to 0.0 MW


def lost_power(mark: Marks, path: str, row: Row, prefix: str = "lost_") -> list[str]:
    """'10.0 MW of load', '37.3 MW of generation': those of the row at `path` that are worth telling."""
    worth = (what for what in ("load", "generation") if amount(row, f"{prefix}{what}_mw") > NEGLIGIBLE_MW)
    return [f"{mark(f'{path}.{prefix}{what}_mw')} of {what}" for what in worth]
