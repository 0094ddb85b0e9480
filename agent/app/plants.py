"""Grids, their present states, and the plant this process owns."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from agent.app.acknowledged import with_acknowledgements
from agent.app.knowledge import library
from agent.app.rulebook import Rulebook
from agent.app.storage import Storage, utc_now
from agent.app.surroundings import Surroundings
from agent.app.watch import Watch
from agent.live_plant import LivePlant, stored_view
from agent.owner import Owner
from agent.settings import Settings
from grid_models.errors import NotOnline
from grid_models.limits import OperatingLimits
from grid_models.live.view import TwinView
from grid_models.telemetry.fault_file import read_faults
from grid_models.telemetry.replay import read_measurements
from grid_models.telemetry.replayed import ReplayedPlant
from grid_models.twin.model import GridModel
from grid_models.twin.plant import MeasuredPlant
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from guardrails.acknowledgements import acknowledgements
from guardrails.circumstances import Circumstances
from guardrails.errors import InvalidRule
from guardrails.gate import Gate
from guardrails.recent_orders import actions_last_hour
from guardrails.rule_pack import RulePack
from guardrails.tags import standing_tags
from tools.context import StudyContext

log = logging.getLogger(__name__)
_TOLD_ERRORS = 10  # unreadable rows of a recording that are told one by one

Source = Literal["live", "standing"]


class Plants(Storage):
    """At most one plant is owned here: the settings' grid, from `start` to `stop`."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, now)
        self._owner: Owner | None = None
        self.surroundings = Surroundings(settings, now)
        self.rulebook = Rulebook(settings, now)

    @property
    def owner(self) -> Owner | None:
        return self._owner

    def grid(self, name: str | None = None) -> Grid:
        """The grid of this name, cached in the data folder, with the company's ratings where these can be read."""
        try:
            return self.rulebook.rated(self._source_grid(name))
        except InvalidRule:
            return self._source_grid(name)

    def _source_grid(self, name: str | None = None) -> Grid:
        return load_grid(name or self.settings.grid, self.settings.data_dir / "grids")

    def rules(self, grid: str | None = None) -> RulePack:
        """The pack in force today for a grid; a changed file is read anew. Raises InvalidRule: nothing is checked with half a pack."""
        return self.rulebook.pack(self.grid(grid).model)

    def limits(self, grid: str | None = None) -> OperatingLimits:
        """What studies of a grid call a violation, also while a rule cannot be read: `rules_doubt` then says whose limits these are."""
        return self.rulebook.limits(self.grid(grid).model)

    def rules_doubt(self, grid: str | None = None) -> str | None:
        """One sentence for an answer whose limits or ratings are not those in force; None where they are."""
        try:
            self.rulebook.rated(self._source_grid(grid))
        except InvalidRule as broken:
            return f"The company's ratings cannot be read, so nothing can be proposed, and ratings here are the grid data's: {broken}"
        return self.rulebook.doubt(self.grid(grid).model)

    def gate(self, grid: str | None = None) -> Gate:
        """The gate with the rules of today for a grid. Raises InvalidRule."""
        return Gate(self.rules(grid), writes_stopped=self.writes_stopped, around=lambda state: self._around(state, grid))

    def map_of(self, grid: str) -> GridModel:
        """The model of a grid, with the places of its buses."""
        return self.grid(grid).model

    def present(self, name: str | None = None, at: datetime | int | None = None) -> tuple[GridState, Source]:
        """The state studies run on: the time asked for, else the owner's latest accepted one if an owner runs, else the standing start."""
        return self.known(name, at)[:2]

    def known(self, name: str | None = None, at: datetime | int | None = None) -> tuple[GridState, Source, TwinView | None]:
        """As `present`, with all that the live twin knows where the state is its own."""
        live = self.live(name) if at is None else None
        return (live.state, "live", live) if live is not None else (self.grid(name).state_at(at), "standing", None)

    def study_context(self, name: str | None = None, at: datetime | int | None = None, watch: Watch | None = None) -> StudyContext:
        """All that a study of this grid is given."""
        (state, source, twin), looking = self.known(name, at), watch or Watch()
        grid, own = self.grid(name), name is None or name == self.settings.grid  # the settings' files describe no other grid
        return StudyContext(
            state=state,
            limits=self.rulebook.limits(state.model),
            source=source,
            progress=looking.told,
            cancelled=looking.cancelled,
            twin=twin,
            now=self.now(),
            protection=self.surroundings.protection(grid, own),
            assets=self.surroundings.assets(grid, own),
            weather=self.surroundings.weather(grid, own),
            grid=grid,
            knowledge=library(self.settings),
        )

    def _around(self, state: GridState, grid: str | None) -> Circumstances:
        """Raises InvalidRule where the state was made without the company's ratings of now: they could not be read, or changed since."""
        rated = self.rulebook.rated(self._source_grid(grid)).model
        if state.model.name == rated.name and state.model.content_hash != rated.content_hash:
            raise InvalidRule(f"the company's ratings of '{rated.name}' changed since its plant started; starting it again takes them")
        return self.circumstances(state)

    def circumstances(self, state: GridState) -> Circumstances:
        """What the gate may know besides a state: the settings' files describe the plant's own grid alone."""
        plant = self.grid()
        own = plant.model.content_hash == state.model.content_hash
        grid = plant if own else Grid(state.model)
        return Circumstances(
            grid=grid,
            protection=self.surroundings.protection(grid, own),
            assets=self.surroundings.assets(grid, own),
            weather=self.surroundings.weather(grid, own),
            tags=tuple(tag.as_known for tag in standing_tags(self.engine, state.model.name)),
            protected=frozenset(self.settings.protected if own else ()),
            actions_last_hour=actions_last_hour(self.engine, state.model.name, self.now()),
        )

    def live(self, name: str | None = None) -> TwinView | None:
        """What the owner of this grid knows of its plant, here or in another process; None without an owner."""
        grid = self.grid(name)
        if self._owner is not None and self._owner.grid == grid.model.name:
            found: TwinView | None = self._owner.view
        else:
            found = stored_view(grid, self._folder(grid)) if self.leases.holder(grid.model.name) is not None else None
        if found is None or not found.alarms:
            return found
        return replace(found, alarms=with_acknowledgements(found.alarms, acknowledgements(self.engine, grid.model.name)))

    def start(self) -> None:
        """Become the plant's owner. Raises OwnerElsewhere."""
        owner = self.new_owner(self.settings.grid)
        owner.start()
        self._owner = owner

    def stop(self) -> None:
        """Give the plant back."""
        if self._owner is not None:
            self._owner.stop()
            self._owner = None

    def new_owner(self, grid_name: str) -> Owner:
        """An owner that has not taken the lease yet. The plant file is opened only under the lease."""
        grid = self.grid(grid_name)
        return Owner(
            grid.model.name,
            lambda: self._opened(grid),
            self.ledger,
            self.leases,
            lambda: self.gate(grid_name),
        )

    def _opened(self, grid: Grid) -> LivePlant:
        folder = self._folder(grid)
        foreign = self.settings.telemetry is not None
        return LivePlant(grid, self._source(grid, folder), folder, lambda: self.rulebook.limits(grid.model), self.now, foreign)

    def _source(self, grid: Grid, folder: Path) -> MeasuredPlant:
        """The recording that the settings name, else the simulated plant with its faults."""
        if self.settings.telemetry is not None:
            recorded = read_measurements(self.settings.telemetry, grid.model)
            for error in recorded.errors[:_TOLD_ERRORS]:
                log.warning("%s: %s", self.settings.telemetry.name, error)
            return ReplayedPlant(grid.model, recorded, self.now, self.settings.pace)
        plant = SimulatedPlant(grid, folder, self.now, self.settings.pace)
        for fault in read_faults(self.settings.faults) if self.settings.faults else ():
            plant.inject(fault)
        return plant

    def health(self) -> dict[str, JsonValue]:
        """For /healthz and `aeip doctor`. Telemetry that is not trusted is told; it is no fault of this process."""
        broken = self.rules_doubt()
        fault = (self._owner.fault if self._owner else None) or broken
        try:
            state, source, twin = self.known()
        except NotOnline as nothing:  # no set was believed since the very start
            state, source, twin, fault = self.grid().state_at(), "live", None, fault or str(nothing)
        return {
            "status": "degraded" if fault else "ok",
            "grid": state.model.name,
            "plant_time": state.plant_time.isoformat(),
            "source": source,
            "estimate": twin.words(self.now()) if twin else None,
            "doubt": twin.doubts[0] if twin and twin.doubts else None,
            "owner": self._owner.owner_id if self._owner else None,
            "fault": fault,
            "assets": self.surroundings.assets(self.grid()).words,
            "ambient": self.surroundings.ambient_words(self.grid()),
            "brain": self.settings.brain,
            "rules": None if broken else self.rules().version,
            "writes_stopped": self.writes_stopped(),
        }

    def _folder(self, grid: Grid) -> Path:
        """A folder for each grid; the name is made safe and kept unique by its hash. With other ratings it is another grid."""
        name = grid.model.name
        rated = grid.model.content_hash if self.rulebook.supplied(grid) else ""
        safe = re.sub(r"[^A-Za-z0-9.-]", "_", name)
        return self.settings.data_dir / "plants" / f"{safe}-{hashlib.sha256((name + rated).encode()).hexdigest()[:6]}"
