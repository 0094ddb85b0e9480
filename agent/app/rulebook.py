"""Which rules hold for a grid? The pack that fits it, or the one that the settings name, and the company's rules and ratings over it.

A file that cannot be read blocks every proposal, but no question: studies then use limits that can be read, and the answer says so.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from agent.settings import Settings
from grid_models.limits import OperatingLimits
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from guardrails.company_ratings import read_ratings
from guardrails.errors import InvalidRule
from guardrails.pack_choice import pack_of
from guardrails.rule_pack import BARE_LIMITS, COMMON, RATINGS, RULES, RulePack, compile_limits, load_pack

_Stamp = tuple[tuple[str, int], ...]


class Rulebook:
    """Everything is read anew when a file changes or the day does."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._packs: dict[Path, tuple[tuple[date, _Stamp], RulePack]] = {}  # the last of each folder that could be read
        self._rated: dict[tuple[str, str], tuple[_Stamp, Grid]] = {}

    def pack(self, model: GridModel) -> RulePack:
        """The pack in force today. Raises InvalidRule: nothing is checked with half a pack."""
        folder, company = self._folder(model), self._settings.company_rules
        key = (self._now().date(), _stamp(COMMON, folder, company))
        if folder not in self._packs or self._packs[folder][0] != key:
            if company is not None:
                read_ratings(company / RATINGS)
            self._packs[folder] = (key, load_pack(folder, key[0], company=company))
        return self._packs[folder][1]

    def limits(self, model: GridModel) -> OperatingLimits:
        """What studies call a violation: the rules in force, else those that `doubt` names."""
        return self._limits(model)[0]

    def doubt(self, model: GridModel) -> str | None:
        """Why the limits of studies are not those of the rules in force, and which they are; None where they are."""
        return self._limits(model)[1]

    def rated(self, grid: Grid) -> Grid:
        """The grid with the ratings that the company supplies for it. Raises InvalidRule."""
        company, model = self._settings.company_rules, grid.model
        if company is None:
            return grid
        key, stamp = (model.name, model.content_hash), _stamp(company / RATINGS)
        if key not in self._rated or self._rated[key][0] != stamp:
            supplied = read_ratings(company / RATINGS).get(model.name)
            self._rated[key] = (stamp, grid if supplied is None else Grid(supplied.on(model), grid.profiles))
        return self._rated[key][1]

    def supplied(self, grid: Grid) -> bool:
        """Are there ratings of the company in this grid?"""
        return any(found is grid and source != grid.model.content_hash for (_, source), (_, found) in self._rated.items())

    def _limits(self, model: GridModel) -> tuple[OperatingLimits, str | None]:
        try:
            return compile_limits(self.pack(model)), None
        except InvalidRule as broken:
            limits, whose = self._readable(model)
            return limits, f"The rules in force cannot be read, so nothing can be proposed, and limits here are {whose}: {broken}"

    def _readable(self, model: GridModel) -> tuple[OperatingLimits, str]:
        """The last limits that could be read, else those as shipped, without a company's; at last the grid data's own."""
        try:
            if (last := self._packs.get(self._folder(model))) is not None:
                return compile_limits(last[1]), f"those last read ({last[1].label})"
            shipped = load_pack(pack_of(model), self._now().date())
            return compile_limits(shipped), f"those of the shipped pack ({shipped.label})"
        except InvalidRule:
            return BARE_LIMITS, "the permanent ratings and the voltage bands of the grid's own data"

    def _folder(self, model: GridModel) -> Path:
        """What the settings name, for every grid; else the shipped pack that fits this one."""
        named = self._settings.rules
        if not named:
            return pack_of(model)
        return Path(named) if "/" in named else RULES / named


def _stamp(*folders: Path | None) -> _Stamp:
    """Every file in and below these folders with the time of its last change."""
    files = [path for folder in folders if folder is not None for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)
