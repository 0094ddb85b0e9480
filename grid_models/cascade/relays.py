"""What watches a grid while nobody acts: overcurrent, temperature, distance and voltage relays, each with what it has counted so far."""

from dataclasses import dataclass, replace

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.cascade.flows import Flows
from grid_models.protection import integrating, thermal_relays, voltage_frequency
from grid_models.protection.loadability import apparent_ohm, inside_mho
from grid_models.protection.relays import RelayMode, instant_s, inverse_reset_s, inverse_s
from grid_models.protection.settings import ProtectionSettings
from grid_models.protection.thermal_relays import ThermalRelays, ThermalState
from grid_models.protection.voltage_frequency import StageBank
from grid_models.twin.model import BoolArray, FloatArray

INSTANT, OVERCURRENT, TEMPERATURE, DISTANCE = range(4)
_CAUSES = ("limit", "overcurrent", "temperature", "distance")


@dataclass(frozen=True, eq=False)
class Waits:
    """Seconds until each trips if nothing changes, infinite: never.  why: (branches,) index of the cause of the soonest."""

    branches: FloatArray
    why: np.ndarray
    generators: FloatArray
    loads: FloatArray

    @property
    def soonest(self) -> float:
        return float(min(w.min(initial=np.inf) for w in (self.branches, self.generators, self.loads)))


@dataclass(frozen=True, eq=False)
class Relays:
    """progress: (branches,) of the overcurrent relays.  zone_s, generator_s, load_s: timers that run.  All of it as counted until now."""

    mode: RelayMode
    settings: ProtectionSettings
    rating_factor: float
    ambient_celsius: float
    thermal: ThermalRelays
    warm: ThermalState
    generator_voltage: StageBank
    load_voltage: StageBank
    generator_frequency: StageBank
    progress: FloatArray
    zone_s: FloatArray
    generator_s: FloatArray
    load_s: FloatArray

    def waits(self, flows: Flows) -> Waits:
        """Dead and unrated branches, and what has no voltage, never trip."""
        model, topology, loading = flows.solution.model, flows.solution.topology, flows.loading_pu
        causes = np.full((len(_CAUSES), len(loading)), np.inf)
        if self.mode is RelayMode.INSTANT:
            causes[INSTANT] = instant_s(self.settings.branches, loading, self.rating_factor)
        else:
            causes[TEMPERATURE] = thermal_relays.time_to_trip(self.thermal, self.warm, loading / self.rating_factor, self.ambient_celsius)
        if self.mode is RelayMode.INVERSE:
            causes[OVERCURRENT] = integrating.time_to_trip(self.progress, inverse_s(self.settings.branches, loading, self.rating_factor))
            seen = self._in_zone(flows)
            causes[DISTANCE] = np.where(seen, np.maximum(self.settings.branches.zone3_delay_s - self.zone_s, 0.0), np.inf)
        causes[:, ~topology.branch_live] = np.inf
        vm = flows.solution.vm_pu
        stages = self.mode is not RelayMode.INSTANT
        state = flows.solution.state
        injecting = (state.generator_injected_mw != 0) | (state.generator_injected_mvar != 0) | model.generators.holds_voltage
        generators = np.where(state.generator_on & injecting, vm[model.generators.bus], np.nan)
        loads = np.where(state.load_drawn_mw > 0, vm[model.loads.bus], np.nan)
        return Waits(
            branches=causes.min(axis=0),
            why=causes.argmin(axis=0),
            generators=_stage_waits(self.generator_s, generators, self.generator_voltage, stages),
            loads=_stage_waits(self.load_s, loads, self.load_voltage, stages),
        )

    def watched(self, flows: Flows, seconds: float) -> "Relays":
        """After so long at these flows."""
        model, loading = flows.solution.model, flows.loading_pu
        operating = inverse_s(self.settings.branches, loading, self.rating_factor)
        reset = inverse_reset_s(self.settings.branches, np.nan_to_num(loading), self.rating_factor)
        vm = flows.solution.vm_pu
        return replace(
            self,
            warm=thermal_relays.warmed(self.thermal, self.warm, loading / self.rating_factor, self.ambient_celsius, seconds),
            progress=integrating.advanced(self.progress, operating, seconds, reset),
            zone_s=np.where(self._in_zone(flows), self.zone_s + seconds, 0.0),
            generator_s=voltage_frequency.advanced(self.generator_s, vm[model.generators.bus], seconds, self.generator_voltage),
            load_s=voltage_frequency.advanced(self.load_s, vm[model.loads.bus], seconds, self.load_voltage),
        )

    def cause(self, waits: Waits, branch: int) -> str:
        """Why this branch would trip, in words."""
        why = int(waits.why[branch])
        return f"{_CAUSES[why]} {self.settings.branches.curve[branch].value}" if why == OVERCURRENT else _CAUSES[why]

    def _in_zone(self, flows: Flows) -> BoolArray:
        """(branches,) whose apparent impedance lies in zone 3 at either end; a DC flow has no voltage to see."""
        solution, branches, zone = flows.solution, flows.solution.model.branches, self.settings.branches
        if np.isnan(solution.vm_pu).all():
            return np.zeros(len(branches), dtype=bool)
        seen = np.zeros(len(branches), dtype=bool)
        for bus, p, q in (
            (branches.from_bus, solution.p_from_mw, solution.q_from_mvar),
            (branches.to_bus, solution.p_to_mw, solution.q_to_mvar),
        ):
            with np.errstate(divide="ignore", invalid="ignore"):
                apparent = apparent_ohm(solution.vm_pu[bus] * solution.model.buses.nominal_kv[bus], p, q)
            seen |= inside_mho(apparent, zone.zone3_reach_ohm * self.rating_factor**-1, zone.zone3_torque_angle_degree)
        return seen & np.isfinite(zone.zone3_reach_ohm)


def _stage_waits(elapsed_s: FloatArray, values: FloatArray, bank: StageBank, on: bool) -> FloatArray:
    return voltage_frequency.time_to_trip(elapsed_s, values, bank) if on else np.full(len(values), np.inf)


def relays_of(
    mode: RelayMode,
    settings: ProtectionSettings,
    before: Flows,
    rating_factor: float,
    ambient_celsius: float,
    book: AssetBook | None = None,
) -> Relays:
    """Before the first outage: temperatures settled at the present loads. A voltage stage that has picked up already is left out."""
    model, vm = before.solution.model, before.solution.vm_pu
    thermal = thermal_relays.thermal_relays(model, settings.branches, book)
    generators = _without_those_picked_up(settings.generator_voltage, vm[model.generators.bus])
    loads = _without_those_picked_up(settings.load_voltage, vm[model.loads.bus])
    return Relays(
        mode=mode,
        settings=settings,
        rating_factor=rating_factor,
        ambient_celsius=ambient_celsius,
        thermal=thermal,
        warm=thermal_relays.settled(thermal, before.loading_pu / rating_factor, ambient_celsius),
        generator_voltage=generators,
        load_voltage=loads,
        generator_frequency=settings.generator_frequency,
        progress=np.zeros(len(model.branches)),
        zone_s=np.zeros(len(model.branches)),
        generator_s=generators.at_rest,
        load_s=loads.at_rest,
    )


def _without_those_picked_up(bank: StageBank, values: FloatArray) -> StageBank:
    return replace(bank, delay_s=np.where(voltage_frequency.picked_up(values, bank), np.inf, bank.delay_s))
