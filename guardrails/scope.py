"""Where may a person act: areas and voltage levels, and what of an order lies outside them. Pure.

What is not known lies outside: an element without an area or a nominal voltage is nobody's who is limited to some.
"""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Scope(BaseModel):
    """Limits on where somebody acts. An empty or missing limit is none; both together must hold."""

    model_config = ConfigDict(frozen=True)

    areas: tuple[str, ...] = Field(default=(), description="names as in the grid data, any case; empty = every area")
    min_kv: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="lowest nominal voltage [kV]; None = no limit")
    max_kv: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="highest nominal voltage [kV]; None = no limit")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_kv is not None and self.max_kv is not None and self.min_kv > self.max_kv:
            raise ValueError(f"the range {self.min_kv:g} to {self.max_kv:g} kV holds no voltage")
        return self

    @property
    def everywhere(self) -> bool:
        """No limit at all."""
        return not self.areas and self.min_kv is None and self.max_kv is None

    def words(self) -> str:
        """The limits as a person would say them."""
        if self.everywhere:
            return "everywhere"
        low, high = (None if kv is None else f"{kv:g} kV" for kv in (self.min_kv, self.max_kv))
        areas = f"in area {' or '.join(self.areas)}" if self.areas else ""
        levels = f"at {low} to {high}" if low and high else f"at {low} and above" if low else f"at up to {high}" if high else ""
        return " ".join(part for part in (areas, levels) if part)

    def holds(self, touched: "Touched") -> bool:
        """Does all of this element lie inside?"""
        return self.everywhere or (bool(touched.nominal_kv) and all(map(self._level, touched.nominal_kv)) and self._areas(touched))

    def _level(self, kv: float | None) -> bool:
        if self.min_kv is None and self.max_kv is None:
            return True
        return kv is not None and (self.min_kv is None or kv >= self.min_kv) and (self.max_kv is None or kv <= self.max_kv)

    def _areas(self, touched: "Touched") -> bool:
        allowed = {area_key(area) for area in self.areas}
        return not allowed or (bool(touched.areas) and {area_key(area) for area in touched.areas} <= allowed)


class Touched(BaseModel):
    """An element that an order operates, and where it lies: the nominal voltage and area of each of its buses, each told once."""

    model_config = ConfigDict(frozen=True)

    element: str
    nominal_kv: tuple[float | None, ...] = Field(default=(), description="nominal voltages [kV]; None where the grid data have none")
    areas: tuple[str, ...] = Field(default=(), description="'' where the grid data name none")

    def words(self) -> str:
        """The element with its place."""
        levels = " and ".join("unknown voltage" if kv is None else f"{kv:g} kV" for kv in self.nominal_kv) or "unknown voltage"
        areas = " and ".join(f"area {area}" if area else "unknown area" for area in self.areas) or "unknown area"
        return f"{self.element} ({levels}, {areas})"


EVERYWHERE = Scope()


def outside(scope: Scope, touched: Sequence[Touched]) -> str | None:
    """What of an order lies outside, in words; None when all of it lies inside. An order of which nothing is known lies outside."""
    if scope.everywhere:
        return None
    if not touched:
        return "this order, whose area and voltage are not known,"
    return next((element.words() for element in touched if not scope.holds(element)), None)


def area_key(area: str) -> str:
    """An area's name as it is compared."""
    return " ".join(area.split()).casefold()
