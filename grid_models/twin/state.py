"""The state of a grid at one moment: one shared frozen model and small arrays."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Self

import numpy as np

from grid_models.actions import Action
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray

STANDING_TIME = datetime(2016, 1, 1, tzinfo=UTC)  # plant time of a grid without profiles


@dataclass(frozen=True, eq=False)
class GridState:
    """Immutable: `with_arrays` and `apply` return a new state. Arrays follow the order of the model's tables and are read-only.

    A set-point is NaN where the element follows its schedule; `generator_p_mw` is what is scheduled or, for wind and PV, available.
    """

    model: GridModel
    plant_time: datetime
    switch_closed: BoolArray
    branch_on: BoolArray
    load_on: BoolArray
    generator_on: BoolArray
    infeed_on: BoolArray
    tap: IntArray
    load_p_mw: FloatArray
    load_q_mvar: FloatArray
    load_shed_mw: FloatArray
    generator_p_mw: FloatArray
    generator_q_mvar: FloatArray
    generator_vm_pu: FloatArray
    generator_p_setpoint_mw: FloatArray
    generator_q_setpoint_mvar: FloatArray
    infeed_vm_pu: FloatArray
    shunt_step: IntArray

    def __post_init__(self) -> None:
        for name in ARRAY_FIELDS:
            getattr(self, name).flags.writeable = False

    @classmethod
    def at_start(cls, model: GridModel, plant_time: datetime = STANDING_TIME) -> Self:
        """The state the source file describes."""
        arrays = {column.name: getattr(model.start, column.name).copy() for column in fields(model.start)}
        return cls(
            model=model,
            plant_time=plant_time,
            load_shed_mw=np.zeros(len(model.loads)),
            generator_p_setpoint_mw=np.full(len(model.generators), np.nan),
            generator_q_setpoint_mvar=np.full(len(model.generators), np.nan),
            **arrays,
        )

    def with_arrays(self, *, plant_time: datetime | None = None, **arrays: BoolArray | IntArray | FloatArray) -> Self:
        """A copy with some arrays replaced."""
        return replace(self, plant_time=plant_time or self.plant_time, **arrays)  # type: ignore[arg-type]  # mypy cannot see which array is which

    def apply(self, actions: Sequence[Action]) -> "GridState":
        """The state after the actions, in order. Raises InvalidAction, UnknownElement or AmbiguousElement."""
        from grid_models.twin.apply import apply_actions  # apply needs states: imported here to break the circle

        return apply_actions(self, actions)

    @cached_property
    def state_id(self) -> str:
        """First 16 hex digits of SHA-256 over grid content, arrays (rounded to 1e-6) and plant time; the same in every process."""
        digest = hashlib.sha256(self.model.content_hash.encode())
        for name in ARRAY_FIELDS:
            values = getattr(self, name)
            digest.update((np.round(values.astype(np.float64), 6) + 0.0).tobytes())
        digest.update(self.plant_time.astimezone(UTC).isoformat().encode())
        return digest.hexdigest()[:16]

    @cached_property
    def tap_entry(self) -> IntArray:
        """Entry of each branch's pi parameters in the model's tables at its present tap position."""
        branches = self.model.branches
        return branches.tap_offset + self.tap - branches.tap_min

    @cached_property
    def load_drawn_mw(self) -> FloatArray:
        """Active power each load draws if its bus is energised: demand less what is shed. A net load may inject (negative demand)."""
        return np.where(self.load_on, self.load_p_mw - np.minimum(self.load_shed_mw, np.maximum(self.load_p_mw, 0.0)), 0.0)

    @cached_property
    def load_drawn_mvar(self) -> FloatArray:
        """Reactive power each load draws: shed in proportion to the active power."""
        share = np.divide(self.load_drawn_mw, self.load_p_mw, out=np.ones_like(self.load_p_mw), where=self.load_p_mw > 0)
        return np.where(self.load_on, self.load_q_mvar * share, 0.0)

    @cached_property
    def generator_injected_mw(self) -> FloatArray:
        """Active power each generator injects if its bus is energised: wind and PV never above what is available."""
        setpoint = np.where(
            self.model.generators.weather, np.fmin(self.generator_p_mw, self.generator_p_setpoint_mw), self.generator_p_setpoint_mw
        )
        power = np.where(np.isnan(self.generator_p_setpoint_mw), self.generator_p_mw, setpoint)
        return np.where(self.generator_on, power, 0.0)

    @cached_property
    def generator_injected_mvar(self) -> FloatArray:
        """Reactive power each generator injects (those that hold a voltage inject what that takes)."""
        reactive = np.where(np.isnan(self.generator_q_setpoint_mvar), self.generator_q_mvar, self.generator_q_setpoint_mvar)
        return np.where(self.generator_on, reactive, 0.0)


ARRAY_FIELDS = tuple(f.name for f in fields(GridState) if f.name not in ("model", "plant_time"))
