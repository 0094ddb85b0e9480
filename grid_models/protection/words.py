"""What had to be assumed of a grid's relays, in the words of an answer: each with its source, and what in it is unverified."""

import numpy as np

from grid_models.protection.defaults import ProtectionDefaults
from grid_models.twin.model import GridModel


def assumed(model: GridModel, known: ProtectionDefaults) -> tuple[str, ...]:
    """One phrase for each kind of relay that the grid has."""
    levels = np.unique(model.buses.nominal_kv[model.branches.from_bus])
    rows = {row.below_kv: row for row in map(known.overcurrent_at, levels)}
    told = [
        f"overcurrent relays {_below(row.below_kv)}: {row.curve}, pickup {row.pickup_pu:g} of the rating, time multiplier "
        f"{row.time_multiplier:g}{_doubt(row.source, row.unverified)}"
        for row in rows.values()
    ]
    line, hot, zone, load = known.line_thermal, known.transformer_thermal, known.zone3, known.load_undervoltage
    told.append(
        f"lines warm with {line.time_constant_s / 60:g} min towards {line.rated_celsius:g} °C at their rating in air of "
        f"{line.rated_ambient_celsius:g} °C, and trip where {line.trip_pu:g} of it would take them{_doubt(line.source, line.unverified)}"
    )
    told.append(f"transformers trip at a hot-spot of {hot.hot_spot_limit_celsius:g} °C{_doubt(hot.source, hot.unverified)}")
    told.append(f"zone 3 bears {zone.bears_pu:g} of the rating and trips after {zone.delay_s:g} s{_doubt(zone.source, zone.unverified)}")
    usual = known.generators_at(model.frequency_hz)
    for what, sets, name in (
        ("voltage", known.voltage_sets, usual.voltage_set),
        ("frequency", known.frequency_sets, usual.frequency_set),
    ):
        told.append(f"{what} relays of generators: {name}{_doubt(sets[name].source, sets[name].unverified)}")
    told.append(f"load is lost below {load.threshold_pu:g} pu after {load.delay_s:g} s{_doubt(load.source, load.unverified)}")
    return tuple(told)


def _below(kv: float) -> str:
    return f"below {kv:g} kV" if np.isfinite(kv) else "of the highest voltages"


def _doubt(source: str, unverified: str) -> str:
    return f" ({source}; unverified: {unverified})" if unverified else f" ({source})"
