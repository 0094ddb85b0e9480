"""What a look ahead is asked to assume: the grid's state, the weather, what is known of the transformers."""

from dataclasses import dataclass, replace
from datetime import datetime

from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.assets.thermal import ThermalModel, thermal_model
from grid_models.life.units import Unit
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.weather.ambient import AmbientSource


@dataclass(frozen=True, eq=False)
class Assumptions:
    """before: the present state.  state: with what-if changes.  usual_weather: what `weather` is compared with.

    growth_percent_per_year: over the records' where given.  cooling_lost: fans and pumps out of every transformer looked at.
    """

    grid: Grid
    before: GridState
    state: GridState
    assets: AssetBook
    weather: AmbientSource
    usual_weather: AmbientSource
    hours: float
    growth_percent_per_year: float | None = None
    cooling_lost: bool = False

    @property
    def at(self) -> datetime:
        return self.state.plant_time

    @property
    def is_as_it_is(self) -> bool:
        """Nothing is imagined but the weather, and how load grows."""
        return self.state is self.before and not self.cooling_lost

    def as_it_is(self) -> "Assumptions":
        """Without what-if changes; growth stays, since it is a matter of years."""
        return replace(self, state=self.before, cooling_lost=False)


@dataclass(frozen=True)
class Case:
    """One transformer with what is known of it. rated_mva: what 1 pu of its load means."""

    unit: Unit
    record: AssetRecord | None
    thermal: ThermalModel
    rated_mva: float

    @property
    def assumed(self) -> tuple[str, ...]:
        """What no record says, one phrase each."""
        three = ("its most loaded winding stands for all three",) if len(self.unit.branches) > 1 else ()
        return (*self.thermal.assumed, *three)

    @property
    def growth_percent_per_year(self) -> float | None:
        return self.record.load_growth_percent_per_year if self.record else None


def case_of(unit: Unit, assets: AssetBook) -> Case | None:
    """None where neither the grid nor a record gives a rating."""
    record = assets.record(unit.name)
    rated = unit.rated_mva or (record.rated_mva if record else None)
    return None if rated is None else Case(unit, record, thermal_model(record, rated), rated)
