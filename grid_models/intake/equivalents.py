"""Equipment that the twin models by something simpler with the same power flow: wards, motors, HVDC links, asymmetric loads."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grid_models.intake.columns import bus_label, bus_rows, column, names
from grid_models.intake.legs import extended_ward_names
from grid_models.twin.model import FloatArray, IntArray, Names

_PHASES = ("a", "b", "c")


@dataclass(frozen=True)
class Draws:
    """Elements that draw a power: as a load whatever the voltage, as a shunt at nominal voltage."""

    name: Names
    bus: IntArray
    p_mw: FloatArray
    q_mvar: FloatArray
    on: FloatArray


@dataclass(frozen=True)
class Sources:
    """Elements that hold a voltage and inject a fixed active power."""

    name: Names
    bus: IntArray
    p_mw: FloatArray
    vm_pu: FloatArray
    on: FloatArray


def constant_powers(net: Any, position: dict[Any, int]) -> list[Draws]:
    """Loads, the constant-power part of wards, motors at their electrical input, and asymmetric loads with their phases summed."""
    return [_loads(net, position), *_wards(net, position, "s", "constant power"), _motors(net, position), *_asymmetric(net, position)]


def constant_impedances(net: Any, position: dict[Any, int]) -> list[Draws]:
    """The constant-impedance part of wards and extended wards [MW and Mvar at nominal voltage]."""
    return _wards(net, position, "z", "constant impedance")


def _loads(net: Any, position: dict[Any, int]) -> Draws:
    table = net.load
    scaling = column(table, "scaling", 1.0)
    p_mw, q_mvar = column(table, "p_mw", 0.0) * scaling, column(table, "q_mvar", 0.0) * scaling
    called = names(table, "Load at {}", [bus_label(net, b) for b in table.bus])
    return Draws(called, bus_rows(table.bus, position), p_mw, q_mvar, column(table, "in_service", True))


def _wards(net: Any, position: dict[Any, int], part: str, words: str) -> list[Draws]:
    found = []
    plain = names(net.ward, "Ward at {}", [bus_label(net, b) for b in net.ward.bus])
    for table, called in ((net.ward, plain), (net.xward, extended_ward_names(net))):
        p_mw, q_mvar = column(table, f"p{part}_mw", 0.0), column(table, f"q{part}_mvar", 0.0)
        some = (p_mw != 0) | (q_mvar != 0)
        found.append(
            Draws(
                tuple(f"{n} ({words})" for n, s in zip(called, some, strict=True) if s),
                bus_rows(table.bus, position)[some],
                p_mw[some],
                q_mvar[some],
                column(table, "in_service", True)[some],
            )
        )
    return found


def _motors(net: Any, position: dict[Any, int]) -> Draws:
    """Electrical input: mechanical power over efficiency, reactive power by the power factor at that load."""
    table = net.motor
    share = column(table, "loading_percent", 100.0) / 100 * column(table, "scaling", 1.0)
    p_mw = column(table, "pn_mech_mw", np.nan) / column(table, "efficiency_percent", 100.0) * 100 * share
    q_mvar = np.sqrt(np.maximum((p_mw / column(table, "cos_phi", 1.0)) ** 2 - p_mw**2, 0.0))
    called = names(table, "Motor at {}", [bus_label(net, b) for b in table.bus])
    return Draws(called, bus_rows(table.bus, position), p_mw, q_mvar, column(table, "in_service", True))


def _asymmetric(net: Any, position: dict[Any, int]) -> list[Draws]:
    found = []
    for kind, sign, words in (("asymmetric_load", 1.0, "Load at {}"), ("asymmetric_sgen", -1.0, "Static generator at {}")):
        table = net[kind]
        scaling = sign * column(table, "scaling", 1.0)
        p_mw = sum((column(table, f"p_{phase}_mw", 0.0) for phase in _PHASES), np.zeros(len(table))) * scaling
        q_mvar = sum((column(table, f"q_{phase}_mvar", 0.0) for phase in _PHASES), np.zeros(len(table))) * scaling
        called = names(table, words, [bus_label(net, b) for b in table.bus])
        found.append(Draws(called, bus_rows(table.bus, position), p_mw, q_mvar, column(table, "in_service", True)))
    return found


def sources_behind_wards(net: Any, first_star: int) -> Sources:
    """The voltage source of each extended ward, at its star point."""
    count = len(net.xward)
    return Sources(
        name=tuple(f"{n} (voltage source)" for n in extended_ward_names(net)),
        bus=first_star + np.arange(count, dtype=np.int64),
        p_mw=np.zeros(count),
        vm_pu=column(net.xward, "vm_pu", 1.0),
        on=column(net.xward, "in_service", True),
    )


def links_as_machines(net: Any, position: dict[Any, int]) -> Sources:
    """Both converters of each HVDC link: one draws the set power, the other injects it less the losses; both hold their voltage."""
    table = net.dcline
    called = names(table, "HVDC {}", ["-".join(bus_label(net, b) for b in pair) for pair in zip(table.from_bus, table.to_bus, strict=True)])
    power = column(table, "p_mw", 0.0)
    received = np.abs(power) * (1 - column(table, "loss_percent", 0.0) / 100) - column(table, "loss_mw", 0.0)
    forward = power > 0
    on = column(table, "in_service", True)
    return Sources(
        name=tuple(f"{n} (from)" for n in called) + tuple(f"{n} (to)" for n in called),
        bus=np.concatenate([bus_rows(table.from_bus, position), bus_rows(table.to_bus, position)]),
        p_mw=np.concatenate([np.where(forward, -np.abs(power), received), np.where(forward, received, -np.abs(power))]),
        vm_pu=np.concatenate([column(table, "vm_from_pu", 1.0), column(table, "vm_to_pu", 1.0)]),
        on=np.concatenate([on, on]),
    )
