"""From a pandapower net to a `GridModel`: the only place that knows pandapower's tables.

Branch parameters are read from pandapower's own conversion, once per tap position, so that both agree to the last digit.
"""

import contextlib
import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandapower as pp
from pandapower.pd2ppc import _pd2ppc
from pandapower.pypower.idx_brch import BR_B, BR_G, BR_R, BR_X, SHIFT, TAP

from grid_models.errors import UnsupportedGrid
from grid_models.twin.model import (
    BoolArray,
    Branches,
    Buses,
    FloatArray,
    Generators,
    GridModel,
    Infeeds,
    IntArray,
    Loads,
    Names,
    Shunts,
    StartState,
    Switches,
)
from grid_models.twin.ratings import audit_ratings

_UNSUPPORTED = {
    "trafo3w": "three-winding transformers",
    "impedance": "impedance elements",
    "ward": "wards",
    "xward": "extended wards",
    "dcline": "HVDC lines",
    "motor": "motors",
    "svc": "SVCs",
    "tcsc": "TCSCs",
    "ssc": "STATCOMs",
    "vsc": "converters",
    "asymmetric_load": "asymmetric loads",
    "asymmetric_sgen": "asymmetric generators",
}
BASE_MVA = 100.0  # every model's per-unit base, whatever the source's: keeps the solver's numbers well scaled
_PV_WORDS = re.compile(r"pv|solar|photovolt", re.IGNORECASE)
_WIND_WORDS = re.compile(r"wind|^wp", re.IGNORECASE)


def model_from_net(net: Any, name: str) -> GridModel:
    """The frozen model of a pandapower net. Raises UnsupportedGrid naming the equipment the twin cannot model."""
    _refuse_unsupported(net, name)
    notes: list[str] = []
    _enable_taps(net, notes)
    position = {bus: i for i, bus in enumerate(net.bus.index)}
    buses = _buses(net)
    branches, tap, branch_on = _branches(net, position, buses)
    generators, generator_start = _generators(net, position, notes)
    infeeds, infeed_start = _infeeds(net, position)
    switches, closed = _switches(net, position)
    usable, rating_note = audit_ratings(branches, buses)
    bus_on = net.bus.in_service.to_numpy(bool)
    start = StartState(
        switch_closed=closed,
        branch_on=branch_on & bus_on[branches.from_bus] & bus_on[branches.to_bus],
        load_on=_column(net.load, "in_service", True).astype(bool),
        generator_on=generator_start["on"].astype(bool),
        infeed_on=infeed_start["on"].astype(bool),
        tap=tap,
        load_p_mw=_column(net.load, "p_mw", 0.0) * _column(net.load, "scaling", 1.0),
        load_q_mvar=_column(net.load, "q_mvar", 0.0) * _column(net.load, "scaling", 1.0),
        generator_p_mw=generator_start["p"],
        generator_q_mvar=generator_start["q"],
        generator_vm_pu=generator_start["vm"],
        infeed_vm_pu=infeed_start["vm"],
        shunt_step=_column(net.shunt, "step", 1).astype(np.int64) * _column(net.shunt, "in_service", True).astype(np.int64),
    )
    return GridModel(
        name=name,
        base_mva=BASE_MVA,
        frequency_hz=float(net.f_hz),
        buses=buses,
        branches=branches,
        loads=Loads(_names(net.load, "Load at {}", [buses.name[position[b]] for b in net.load.bus]), _bus_index(net.load.bus, position)),
        generators=generators,
        infeeds=infeeds,
        shunts=_shunts(net, position, buses),
        switches=switches,
        start=start,
        ratings_usable=usable,
        ratings_note=rating_note,
        notes=tuple(notes),
        aliases=_aliases(net, buses, branches),
    )


def _refuse_unsupported(net: Any, name: str) -> None:
    found = [words for table, words in _UNSUPPORTED.items() if table in net and len(net[table]) and net[table].in_service.any()]
    bent = [c for c in net.load.columns if c.startswith("const_") and net.load[c].fillna(0).ne(0).any()]
    if bent:
        found.append("voltage-dependent loads")
    if found:
        raise UnsupportedGrid(f"Grid '{name}' holds {', '.join(found)}, which the twin does not model yet; a grid without them would load.")


def _enable_taps(net: Any, notes: list[str]) -> None:
    """A tap step without a changer type does nothing in pandapower: say so and treat it as a ratio changer."""
    if "tap_changer_type" not in net.trafo:
        net.trafo["tap_changer_type"] = None
    step = net.trafo.get("tap_step_percent")
    if step is None:
        return
    silent = net.trafo.tap_changer_type.isna() & step.fillna(0).ne(0) & net.trafo.tap_side.notna()
    if silent.any():
        net.trafo.loc[silent, "tap_changer_type"] = "Ratio"
        notes.append(
            f"{int(silent.sum())} transformers have a tap step but no changer type in the source; they are modelled as ratio changers."
        )


def _column(table: Any, name: str, default: float) -> FloatArray:
    if name not in table:
        return np.full(len(table), float(default))
    return np.array(table[name].astype(float).fillna(default), dtype=np.float64)


def _bus_index(column: Any, position: dict[Any, int]) -> IntArray:
    return np.array([position[b] for b in column], dtype=np.int64)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).removesuffix(".0")


def _names(table: Any, pattern: str, fallback: Sequence[str]) -> Names:
    """The source's names where they are unique words; otherwise the pattern, numbered where it repeats."""
    given = [_text(n).strip() for n in table["name"]] if "name" in table else [""] * len(table)
    if len(given) and all(not n.isdigit() and n for n in given) and len(set(given)) == len(given):
        return tuple(given)
    made = [pattern.format(f) for f in fallback]
    count: dict[str, int] = {}
    numbered = []
    for label in made:
        count[label] = count.get(label, 0) + 1
        numbered.append(f"{label} ({count[label]})")
    return tuple(n if count[label] > 1 else label for n, label in zip(numbered, made, strict=True))


def _buses(net: Any) -> Buses:
    """Published IEEE numbers where the names are numbers, the source's names otherwise."""
    given = [_text(n).strip() for n in net.bus["name"]]
    numbers = [int(n) for n in given if n.isdigit()]
    if len(numbers) == len(given) and len(set(numbers)) == len(numbers):
        names = tuple(f"Bus {n}" for n in numbers)
    elif all(given) and len(set(given)) == len(given):
        names = tuple(given)
    else:
        names = tuple(f"Bus {int(i) + 1}" for i in net.bus.index)
    kind = net.bus["type"].fillna("b") if "type" in net.bus else ["b"] * len(net.bus)
    longitude, latitude = _positions(net)
    return Buses(
        name=names,
        nominal_kv=net.bus.vn_kv.to_numpy(float).copy(),
        planning_min_pu=_column(net.bus, "min_vm_pu", np.nan),
        planning_max_pu=_column(net.bus, "max_vm_pu", np.nan),
        is_busbar=np.array([k != "auxiliary" for k in kind], dtype=bool),
        area=_strings(net.bus, "zone", "subnet"),
        substation=_strings(net.bus, "substation"),
        longitude_degree=longitude,
        latitude_degree=latitude,
    )


def _strings(table: Any, *columns: str) -> Names:
    """The first of the columns that says anything, as text."""
    for column in columns:
        if column in table and table[column].notna().any():
            return tuple(_text(v) for v in table[column])
    return ("",) * len(table)


def _positions(net: Any) -> tuple[FloatArray, FloatArray]:
    points = np.full((len(net.bus), 2), np.nan)
    if "geo" in net.bus:
        for i, text in enumerate(net.bus.geo):
            if isinstance(text, str) and '"Point"' in text:
                points[i] = json.loads(text)["coordinates"][:2]
    return points[:, 0].copy(), points[:, 1].copy()


def _branches(net: Any, position: dict[Any, int], buses: Buses) -> tuple[Branches, IntArray, BoolArray]:
    lines, trafos = net.line, net.trafo
    from_bus = np.concatenate([_bus_index(lines.from_bus, position), _bus_index(trafos.hv_bus, position)])
    to_bus = np.concatenate([_bus_index(lines.to_bus, position), _bus_index(trafos.lv_bus, position)])
    low, high, now = _tap_ranges(trafos)
    zeros = np.zeros(len(lines), dtype=np.int64)
    tap_min, tap_max = np.concatenate([zeros, low]), np.concatenate([zeros, high])
    offset = np.concatenate([[0], np.cumsum(tap_max - tap_min + 1)[:-1]]) if len(tap_min) else zeros
    tables = _parameters_over_taps(net, tap_min, tap_max, offset)
    ends = [f"{_short(buses.name[f])}-{_short(buses.name[t])}" for f, t in zip(from_bus, to_bus, strict=True)]
    line_rating = _column(lines, "max_i_ka", np.nan) * _column(lines, "df", 1.0) * _column(lines, "parallel", 1)
    rated_mva = _column(trafos, "sn_mva", np.nan) * _column(trafos, "df", 1.0) * _column(trafos, "parallel", 1) / np.sqrt(3)
    branches = Branches(
        name=_branch_names(lines, "Line {}", ends[: len(lines)]) + _branch_names(trafos, "Transformer {}", ends[len(lines) :]),
        is_line=np.arange(len(from_bus)) < len(lines),
        from_bus=from_bus,
        to_bus=to_bus,
        rating_from_ka=np.concatenate([line_rating, rated_mva / _column(trafos, "vn_hv_kv", np.nan)]),
        rating_to_ka=np.concatenate([line_rating, rated_mva / _column(trafos, "vn_lv_kv", np.nan)]),
        tap_min=tap_min,
        tap_max=tap_max,
        tap_offset=offset.astype(np.int64),
        **tables,
    )
    on = np.concatenate([lines.in_service.to_numpy(bool), trafos.in_service.to_numpy(bool)])
    return branches, np.concatenate([zeros, now]), on


def _short(bus: str) -> str:
    return bus.removeprefix("Bus ")


def _branch_names(table: Any, pattern: str, ends: Sequence[str]) -> Names:
    """Source names, or the ends with the circuit's number: 'Line 5-6 (1)'."""
    named = _names(table, pattern, ends)
    return tuple(n if n.endswith(")") or not n.startswith(pattern.format("").strip() + " ") or "-" not in n else f"{n} (1)" for n in named)


def _tap_ranges(trafos: Any) -> tuple[IntArray, IntArray, IntArray]:
    """Lowest, highest and present position of each transformer; a fixed one has a single position."""
    now = np.round(_column(trafos, "tap_pos", 0)).astype(np.int64)
    movable = trafos.tap_changer_type.notna().to_numpy() if "tap_changer_type" in trafos else np.zeros(len(trafos), dtype=bool)
    low = np.where(movable, np.round(_column(trafos, "tap_min", np.nan)), np.nan)
    high = np.where(movable, np.round(_column(trafos, "tap_max", np.nan)), np.nan)
    fixed = np.isnan(low) | np.isnan(high)
    low, high = np.where(fixed, now, low).astype(np.int64), np.where(fixed, now, high).astype(np.int64)
    return np.minimum(low, now), np.maximum(high, now), now


def _parameters_over_taps(net: Any, tap_min: IntArray, tap_max: IntArray, offset: IntArray) -> dict[str, FloatArray]:
    """r, x, g, b, ratio and shift of every branch at each of its tap positions, from pandapower's own conversion."""
    _prepare_options(net)
    size = int(offset[-1] + tap_max[-1] - tap_min[-1] + 1) if len(offset) else 0
    tables = {name: np.zeros(size) for name in ("r_pu", "x_pu", "g_pu", "b_pu", "ratio", "shift_degree")}
    columns = {"r_pu": BR_R, "x_pu": BR_X, "g_pu": BR_G, "b_pu": BR_B, "ratio": TAP, "shift_degree": SHIFT}
    lines = len(net.line)
    present = net.trafo.tap_pos.copy() if "tap_pos" in net.trafo else None
    fixed = (tap_max == tap_min)[lines:]
    for step in range(int((tap_max - tap_min).max(initial=0)) + 1):
        at = np.minimum(tap_min + step, tap_max)
        if present is not None:
            net.trafo["tap_pos"] = np.where(fixed, present.astype(float), at[lines:])
        ppc, _ = _pd2ppc(net)
        branch = ppc["branch"]
        for name, column in columns.items():
            values = branch[: len(at), column].real
            tables[name][offset + at - tap_min] = values
    tables["ratio"][tables["ratio"] == 0] = 1.0
    rebase = BASE_MVA / float(net.sn_mva)
    for name, factor in (("r_pu", rebase), ("x_pu", rebase), ("g_pu", 1 / rebase), ("b_pu", 1 / rebase)):
        tables[name] *= factor
    if present is not None:
        net.trafo["tap_pos"] = present
    return tables


def _prepare_options(net: Any) -> None:
    """Fill the net's solver options as `runpp` with defaults would; the solution itself is not used."""
    with contextlib.suppress(pp.LoadflowNotConverged):  # the options are set before the solver starts
        pp.runpp(net, numba=False)


def _generators(net: Any, position: dict[Any, int], notes: list[str]) -> tuple[Generators, dict[str, FloatArray]]:
    """Parks (sgen), machines (gen) and storages in one table."""
    machines = net.gen[~_column(net.gen, "slack", 0).astype(bool)] if len(net.gen) else net.gen
    parts = [(net.sgen, 1.0, False), (machines, 1.0, True)] + ([(net.storage, -1.0, False)] if "storage" in net else [])
    names: list[str] = []
    technology: list[str] = []
    columns: dict[str, list[FloatArray]] = {k: [] for k in ("bus", "p", "q", "vm", "on", "low", "high", "derived", "holds")}
    patterns = ("Static generator at {}", "Generator at {}", "Storage at {}")
    for (table, sign, holds), pattern in zip(parts, patterns, strict=False):
        scaling = _column(table, "scaling", 1.0)
        p = sign * _column(table, "p_mw", 0.0) * scaling
        low, high, derived = _power_range(table, sign, p)
        labels = [f"Bus {position[b]}" if "name" not in net.bus else _bus_label(net, b) for b in table.bus]
        names += _names(table, pattern, labels)
        technology += [_technology(table, i, sign) for i in range(len(table))]
        for key, value in (
            ("bus", _bus_index(table.bus, position).astype(float)),
            ("p", p),
            ("q", sign * _column(table, "q_mvar", 0.0) * scaling if not holds else np.zeros(len(table))),
            ("vm", _column(table, "vm_pu", 1.0)),
            ("on", _column(table, "in_service", True)),
            ("low", low),
            ("high", high),
            ("derived", derived),
            ("holds", np.full(len(table), float(holds))),
        ):
            columns[key].append(value)
    joined = {key: np.concatenate(values) for key, values in columns.items()}
    if joined["derived"].any():
        notes.append(
            f"{int(joined['derived'].sum())} generators have no power range in the source; 0 to their rated power is used (derived)."
        )
    generators = Generators(
        name=tuple(names),
        bus=joined["bus"].astype(np.int64),
        technology=tuple(technology),
        holds_voltage=joined["holds"].astype(bool),
        p_min_mw=joined["low"],
        p_max_mw=joined["high"],
        range_derived=joined["derived"].astype(bool),
    )
    return generators, {key: joined[key] for key in ("p", "q", "vm", "on")}


def _bus_label(net: Any, bus: Any) -> str:
    name = _text(net.bus.at[bus, "name"]).strip()
    return f"Bus {name}" if name.isdigit() else (name or f"Bus {int(bus) + 1}")


def _power_range(table: Any, sign: float, p: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    low, high = _column(table, "min_p_mw", np.nan), _column(table, "max_p_mw", np.nan)
    if sign < 0:
        low, high = -high, -low
    derived = np.isnan(low) | np.isnan(high)
    rated = _column(table, "sn_mva", np.nan)
    rated = np.where(np.isnan(rated), np.abs(p), rated)
    floor = -rated if sign < 0 else np.zeros(len(table))
    return np.where(np.isnan(low), floor, low), np.where(np.isnan(high), rated, high), derived.astype(float)


def _technology(table: Any, row: int, sign: float) -> str:
    if sign < 0:
        return "storage"
    words = " ".join(_text(table[c].iloc[row]) for c in ("type", "profile", "name") if c in table)
    if any(_WIND_WORDS.search(w) for w in words.split()):
        return "wind"
    return "pv" if any(_PV_WORDS.search(w) for w in words.split()) else "other"


def _infeeds(net: Any, position: dict[Any, int]) -> tuple[Infeeds, dict[str, FloatArray]]:
    """External grids, and machines marked as slack."""
    slack = net.gen[_column(net.gen, "slack", 0).astype(bool)] if len(net.gen) else net.gen
    tables = [net.ext_grid, slack]
    names = sum((_names(t, "Infeed at {}", [_bus_label(net, b) for b in t.bus]) for t in tables), ())
    return (
        Infeeds(
            name=names,
            bus=np.concatenate([_bus_index(t.bus, position) for t in tables]).astype(np.int64),
            angle_degree=np.concatenate([_column(t, "va_degree", 0.0) for t in tables]),
        ),
        {
            "vm": np.concatenate([_column(t, "vm_pu", 1.0) for t in tables]),
            "on": np.concatenate([_column(t, "in_service", True) for t in tables]),
        },
    )


def _shunts(net: Any, position: dict[Any, int], buses: Buses) -> Shunts:
    table = net.shunt
    bus = _bus_index(table.bus, position)
    own = _column(table, "vn_kv", np.nan)
    factor = np.where(np.isnan(own), 1.0, (buses.nominal_kv[bus] / own) ** 2) if len(table) else np.ones(0)
    return Shunts(
        name=_names(table, "Shunt at {}", [buses.name[b] for b in bus]),
        bus=bus,
        p_mw=_column(table, "p_mw", 0.0) * factor,
        q_mvar=_column(table, "q_mvar", 0.0) * factor,
        max_step=np.maximum(_column(table, "max_step", 1), 1).astype(np.int64),
    )


def _switches(net: Any, position: dict[Any, int]) -> tuple[Switches, BoolArray]:
    table = net.switch
    line_row = {index: i for i, index in enumerate(net.line.index)}
    trafo_row = {index: len(net.line) + i for i, index in enumerate(net.trafo.index)}
    other, branch = [], []
    for element, kind in zip(table.element, table.et, strict=True):
        other.append(position[element] if kind == "b" else -1)
        branch.append({"l": line_row, "t": trafo_row}.get(kind, {}).get(element, -1))
    kinds = table["type"].fillna("CB") if "type" in table else ["CB"] * len(table)
    return Switches(
        name=_names(table, "Switch {}", [str(i) for i in table.index]),
        bus=_bus_index(table.bus, position),
        other_bus=np.array(other, dtype=np.int64),
        branch=np.array(branch, dtype=np.int64),
        can_break_load=np.array([k in ("CB", "LBS") for k in kinds], dtype=bool),
    ), table.closed.to_numpy(bool).copy()


def _aliases(net: Any, buses: Buses, branches: Branches) -> tuple[tuple[str, str], ...]:
    """'line 7' and 'trafo 2' as pandapower's tables number them, for elements whose display name does not say it."""
    found = []
    for table, words, start in ((net.line, ("line",), 0), (net.trafo, ("trafo", "transformer"), len(net.line))):
        for row, index in enumerate(table.index):
            name = branches.name[start + row]
            found += [(f"{word} {index}", name) for word in words if "-" in name and name.startswith(("Line ", "Transformer "))]
    return tuple(found)
