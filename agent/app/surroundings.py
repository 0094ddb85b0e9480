"""What a study is told besides the grid: asset records and weather, read anew when their file changes."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from agent.open_meteo import OpenMeteo, Place
from agent.settings import Settings
from grid_models.assets.book import AssetBook
from grid_models.assets.demo import demo_records
from grid_models.assets.record_file import read_records
from grid_models.errors import AeipError
from grid_models.protection.settings import ProtectionSettings, settings_of
from grid_models.protection.settings_file import read_settings
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.ambient_file import AmbientFile, read_ambient
from grid_models.weather.climatology import Climatology, climatology_of
from grid_models.weather.moments import InvalidAmbient

log = logging.getLogger(__name__)
_TOLD_ERRORS = 10  # of a file, one by one

_Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class UnreadableAmbient:
    """A file that was named and cannot be read: only who asks for temperatures is refused."""

    reason: str

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """Raises InvalidAmbient."""
        raise InvalidAmbient(self.reason)


class Surroundings:
    """By grid, each kept until its file changes. `own`: whether the settings' files and place describe this grid."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._books: dict[str, tuple[_Stamp, AssetBook]] = {}
        self._sources: dict[str, tuple[_Stamp, AmbientSource]] = {}
        self._relays: dict[str, tuple[_Stamp, ProtectionSettings]] = {}

    def assets(self, grid: Grid, own: bool = True) -> AssetBook:
        """The records of the settings' file, else the demo ones; a file that cannot be read leaves none and one error."""
        path, model = (self._settings.assets if own else None), grid.model
        key, stamp = f"{model.content_hash} {model.name} {own}", _stamp(path)
        if key not in self._books or self._books[key][0] != stamp:
            self._books[key] = (stamp, self._book(model, path))
        return self._books[key][1]

    def protection(self, grid: Grid, own: bool = True) -> ProtectionSettings:
        """The documented defaults, and over them the settings' file; one that cannot be read leaves the defaults and one error."""
        path, model = (self._settings.protection if own else None), grid.model
        key, stamp = f"{model.content_hash} {model.name} {own}", _stamp(path)
        if key not in self._relays or self._relays[key][0] != stamp:
            self._relays[key] = (stamp, self._protection(model, path))
        return self._relays[key][1]

    def weather(self, grid: Grid, own: bool = True) -> AmbientSource:
        """The settings' file, else what the settings ask for, else the climatology."""
        path, model = (self._settings.ambient if own else None), grid.model
        key, stamp = f"{model.content_hash} {model.name} {own}", _stamp(path)
        if key not in self._sources or self._sources[key][0] != stamp:
            self._sources[key] = (stamp, self._source(model, path, own))
        return self._sources[key][1]

    def checked_assets(self, grid: Grid) -> str:
        """For `aeip doctor`. Raises AeipError with what is wrong with the file."""
        book = self.assets(grid)
        return _checked(book.words, book.errors)

    def checked_protection(self, grid: Grid) -> str:
        """For `aeip doctor`. Raises AeipError with what is wrong with the file."""
        named = self._settings.protection
        return _checked("documented defaults" if named is None else f"documented defaults and {named.name}", self.protection(grid).errors)

    def checked_ambient(self, grid: Grid) -> str:
        """For `aeip doctor`. Raises AeipError with what is wrong with the file."""
        source = self.weather(grid)
        if isinstance(source, UnreadableAmbient):
            raise AeipError(source.reason)
        return _checked(self.ambient_words(grid), source.errors if isinstance(source, AmbientFile) else ())

    def ambient_words(self, grid: Grid) -> str:
        """Where ambient temperatures come from, without asking the network."""
        source = self.weather(grid)
        if isinstance(source, UnreadableAmbient):
            return source.reason
        if isinstance(source, AmbientFile):
            return f"{source.name}{source.gaps}, {source.known.span}"
        if isinstance(source, OpenMeteo):
            return "Open-Meteo"
        return "climatology" if isinstance(source, Climatology) else "no weather is known of this grid's region"

    def _book(self, model: GridModel, path: Path | None) -> AssetBook:
        if path is None:
            return AssetBook.of(model, demo_records(model.name))
        try:
            read = read_records(path, self._now().year)
            book = AssetBook.of(model, read.records, read.errors)
        except AeipError as error:
            book = AssetBook(errors=(str(error),))
        _log(book.errors)
        return book

    def _protection(self, model: GridModel, path: Path | None) -> ProtectionSettings:
        if path is None:
            return settings_of(model)
        try:
            read = read_settings(path)
            found = settings_of(model, read.settings, errors=read.errors)
        except AeipError as error:
            found = settings_of(model, errors=(str(error),))
        _log(found.errors)
        return found

    def _source(self, model: GridModel, path: Path | None, own: bool) -> AmbientSource:
        usual = climatology_of(model.name)
        if path is not None:
            try:
                found = read_ambient(path, usual)
            except AeipError as error:
                _log([str(error)])
                return UnreadableAmbient(str(error))
            _log(found.errors)
            return found
        place = self._place(model, own, usual) if self._settings.weather == "open-meteo" else None
        return usual if place is None else OpenMeteo(place, usual, self._now)

    def _place(self, model: GridModel, own: bool, usual: AmbientSource) -> Place | None:
        """The settings', else the middle of the buses where their positions are on the map: many cases have those of a drawing."""
        if own and self._settings.latitude is not None and self._settings.longitude is not None:
            return Place(self._settings.latitude, self._settings.longitude)
        buses = model.buses
        known = np.isfinite(buses.latitude_degree) & np.isfinite(buses.longitude_degree)
        if not known.any() or not isinstance(usual, Climatology):
            log.warning("Open-Meteo is not asked, since nothing says where '%s' lies; AEIP_LATITUDE and AEIP_LONGITUDE would.", model.name)
            return None
        return Place(float(buses.latitude_degree[known].mean()), float(buses.longitude_degree[known].mean()))


def _stamp(path: Path | None) -> _Stamp:
    """Changes when the file does; None without a file."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size) if found is not None else None


def _log(errors: Sequence[str]) -> None:
    for error in errors[:_TOLD_ERRORS]:
        log.warning("%s", error)


def _checked(words: str, errors: Sequence[str]) -> str:
    if errors:
        more = f" ({len(errors) - 1} more like it)" if len(errors) > 1 else ""
        raise AeipError(f"{words}; {errors[0]}{more}")
    return words
