"""Which elements stand behind a cause of heat? Named by their part in the transformer's flow at its hottest moment."""

from collections.abc import Sequence

from grid_models.causes.departures import departures
from grid_models.life.contributors import Contributor
from grid_models.life.counterfactual import SWITCHING_COLUMNS, Cause
from grid_models.life.outlook import Outlook

_NAMED = 3
_WEATHER = ("wind", "pv")


def elements_behind(cause: Cause, outlook: Outlook, u: int, found: Sequence[Contributor]) -> tuple[str, ...]:
    """The first few names; none for the weather.  found: largest shares first."""
    if cause is Cause.COOLING:
        return (outlook.cases[u].unit.name,)
    if cause is Cause.SWITCHING:
        switched = [d for d in departures(outlook.assumptions.state) if all(column in SWITCHING_COLUMNS for column, _, _ in d.undo)]
        return tuple(d.element.name for d in switched[:_NAMED])
    kinds = {Cause.WIND_AND_PV: _WEATHER, Cause.GROWTH: ("load",), Cause.ABOVE_USUAL: ("load",)}.get(cause, ())
    return tuple(c.element for c in found if c.technology in kinds and c.share_mw > 0)[:_NAMED]
