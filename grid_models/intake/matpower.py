"""From a MATPOWER case to a `GridModel`, matrix by matrix: bus numbers, limits and all three ratings stay what they are in the file.

Columns as in the MATPOWER manual, appendix B. Rate A is the permanent rating; rate B (short term), where it lies above rate A, the
temporary one; rate C (emergency) is not used.
"""

from collections import Counter

import numpy as np

from grid_models.errors import UnsupportedGrid
from grid_models.intake.columns import numbered
from grid_models.intake.matpower_branches import BASE_MVA, branches_of
from grid_models.intake.matpower_file import Case
from grid_models.intake.ratings import rating_note
from grid_models.intake.refused import LARGEST_BUSES
from grid_models.twin.model import (
    BoolArray,
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
    ThreeWindings,
)

_BUS, _TYPE, _PD, _QD, _GS, _BS, _AREA, _VA, _KV, _ZONE, _VMAX, _VMIN = 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12
_GEN_BUS, _PG, _QG, _VG, _STATUS, _PMAX, _PMIN = 0, 1, 2, 5, 7, 8, 9
_PV, _REFERENCE, _ISOLATED = 2, 3, 4
_TECHNOLOGY = {"wind": "wind", "solar": "pv", "pv": "pv", "ess": "storage"}


def model_from_matpower(case: Case, name: str) -> GridModel:
    """The frozen model. Raises UnsupportedGrid in one sentence when no power flow can be computed from it."""
    row = _rows(case, name)
    buses, bus_on = _buses(case), case.bus[:, _TYPE] != _ISOLATED
    branches, branch_on = branches_of(case.branch, case.base_mva, row, buses, name)
    at = row(case.gen[:, _GEN_BUS], "a generator")
    on = (case.gen[:, _STATUS] > 0) & bus_on[at]
    feeds = _reference(case, at, on, name)
    generators, start = _generators(case, buses, at, ~feeds)
    drawn, banks = _at_buses(case, _PD, _QD), _at_buses(case, _GS, _BS)
    none = np.zeros(0, dtype=np.int64)
    usable, note = rating_note(branches)
    return GridModel(
        name=name,
        base_mva=BASE_MVA,
        frequency_hz=50.0,  # the format has none, and no power flow depends on it
        buses=buses,
        branches=branches,
        three_winding=ThreeWindings((), np.zeros((0, 3), dtype=np.int64), none),
        loads=Loads(tuple(f"Load at {buses.name[i]}" for i in drawn), drawn, np.full(len(drawn), np.nan)),
        generators=generators,
        infeeds=Infeeds(numbered(tuple(f"Infeed at {buses.name[i]}" for i in at[feeds])), at[feeds], case.bus[at[feeds], _VA].copy()),
        shunts=Shunts(
            tuple(f"Shunt at {buses.name[i]}" for i in banks),
            banks,
            case.bus[banks, _GS].copy(),
            -case.bus[banks, _BS],
            np.ones(len(banks), dtype=np.int64),
        ),
        switches=Switches((), none, none, none, np.zeros(0, dtype=bool)),
        start=StartState(
            switch_closed=np.zeros(0, dtype=bool),
            branch_on=branch_on & bus_on[branches.from_bus] & bus_on[branches.to_bus],
            load_on=bus_on[drawn],
            generator_on=on[~feeds],
            infeed_on=on[feeds],
            tap=np.zeros(len(branches), dtype=np.int64),
            load_p_mw=case.bus[drawn, _PD].copy(),
            load_q_mvar=case.bus[drawn, _QD].copy(),
            **start,
            infeed_vm_pu=case.gen[feeds, _VG].copy(),
            shunt_step=bus_on[banks].astype(np.int64),
        ),
        ratings_usable=usable,
        ratings_note=note,
        notes=_notes(case),
        aliases=_aliases(case, buses),
    )


class _Rows:
    """Row of each published bus number."""

    def __init__(self, numbers: IntArray, grid: str) -> None:
        self._row = {int(n): i for i, n in enumerate(numbers)}
        self._grid = grid

    def __call__(self, numbers: FloatArray, what: str) -> IntArray:
        lost = [n for n in numbers if n not in self._row]
        if lost:
            raise UnsupportedGrid(
                f"Grid '{self._grid}' has {what} at bus {lost[0]:g}, which does not exist; with a bus of the file it would load."
            )
        return np.array([self._row[int(n)] for n in numbers], dtype=np.int64)


def _rows(case: Case, name: str) -> _Rows:
    numbers = case.bus[:, _BUS]
    if len(numbers) > LARGEST_BUSES:
        raise UnsupportedGrid(f"Grid '{name}' has {len(numbers)} buses; grids up to {LARGEST_BUSES} buses load.")
    whole = np.isfinite(numbers) & (numbers == np.round(numbers)) & (numbers > 0)
    if not whole.all() or len(np.unique(numbers)) < len(numbers):
        raise UnsupportedGrid(
            f"Grid '{name}' has bus numbers that are missing or given twice; with one positive whole number a bus it would load."
        )
    for column, words, bad in (
        (_KV, "nominal voltage", ~(case.bus[:, _KV] > 0)),
        *((c, "load or shunt", ~np.isfinite(case.bus[:, c])) for c in (_PD, _QD, _GS, _BS)),
    ):
        if bad.any():
            at = int(np.flatnonzero(bad)[0])
            raise UnsupportedGrid(
                f"Grid '{name}' has bus {numbers[at]:g} with {words} {case.bus[at, column]:g}; with a sensible number it would load."
            )
    live = case.gen[:, _STATUS] > 0
    if not np.isfinite(case.gen[live][:, [_PG, _QG, _VG]]).all() or not (case.gen[live, _VG] > 0).all():
        raise UnsupportedGrid(f"Grid '{name}' has a generator in service without power or voltage set-point; with numbers it would load.")
    return _Rows(numbers.astype(np.int64), name)


def _buses(case: Case) -> Buses:
    count = len(case.bus)
    area = case.bus[:, _AREA] if len(np.unique(case.bus[:, _AREA])) > 1 else case.bus[:, _ZONE]
    low, high = case.bus[:, _VMIN], case.bus[:, _VMAX]
    return Buses(
        name=tuple(f"Bus {int(n)}" for n in case.bus[:, _BUS]),
        nominal_kv=case.bus[:, _KV].copy(),
        planning_min_pu=np.where(low > 0, low, np.nan),
        planning_max_pu=np.where(np.isfinite(high) & (high > 0), high, np.nan),
        is_busbar=np.ones(count, dtype=bool),
        is_star=np.zeros(count, dtype=bool),
        area=tuple(f"{a:g}" if np.isfinite(a) else "" for a in area),
        substation=("",) * count,
        longitude_degree=np.full(count, np.nan),
        latitude_degree=np.full(count, np.nan),
    )


def _at_buses(case: Case, p: int, q: int) -> IntArray:
    return np.flatnonzero((case.bus[:, p] != 0) | (case.bus[:, q] != 0)).astype(np.int64)


def _reference(case: Case, at: IntArray, on: BoolArray, name: str) -> BoolArray:
    """(generators,) True for the first one in service at each reference bus: it is the infeed; others there only inject."""
    chosen = np.zeros(len(at), dtype=bool)
    for bus in np.unique(at[on & (case.bus[at, _TYPE] == _REFERENCE)]):
        chosen[np.flatnonzero(on & (at == bus))[0]] = True
    if not chosen.any():
        raise UnsupportedGrid(f"Grid '{name}' has no generator in service at a reference bus (type 3); with one it would load.")
    return chosen


def _generators(case: Case, buses: Buses, at: IntArray, rest: BoolArray) -> tuple[Generators, dict[str, FloatArray]]:
    gen, bus = case.gen[rest], at[rest]
    fuel = case.words.get("genfuel", ())
    fuels = np.array(fuel if len(fuel) == len(case.gen) else ("",) * len(case.gen), dtype=object)[rest]
    low, high = gen[:, _PMIN], gen[:, _PMAX]
    derived = ~(np.isfinite(low) & np.isfinite(high))
    holds = np.isin(case.bus[bus, _TYPE], (_PV, _REFERENCE))
    return Generators(
        name=_numbered(tuple(f"Generator at {buses.name[i]}" for i in bus)),
        bus=bus,
        technology=tuple(_TECHNOLOGY.get(str(f).lower(), "other") for f in fuels),
        holds_voltage=holds,
        p_min_mw=np.where(np.isfinite(low), low, np.minimum(gen[:, _PG], 0.0)),
        p_max_mw=np.where(np.isfinite(high), high, np.maximum(gen[:, _PG], 0.0)),
        range_derived=derived,
    ), {
        "generator_p_mw": np.nan_to_num(gen[:, _PG]),
        "generator_q_mvar": np.where(holds, 0.0, np.nan_to_num(gen[:, _QG])),
        "generator_vm_pu": np.where(gen[:, _VG] > 0, gen[:, _VG], 1.0),
    }


def _numbered(called: Names) -> Names:
    """Several machines at one bus are (1), (2), ...; one alone has no number."""
    total, seen = Counter(called), Counter[str]()
    made = []
    for name in called:
        seen[name] += 1
        made.append(f"{name} ({seen[name]})" if total[name] > 1 else name)
    return tuple(made)


def _notes(case: Case) -> Names:
    if not case.links:
        return ()
    return (f"{case.links} HVDC lines of the file are left out, as in MATPOWER's own power flow.",)


def _aliases(case: Case, buses: Buses) -> tuple[tuple[str, str], ...]:
    """The file's names of buses, where each is its own."""
    given = case.words.get("bus_name", ())
    if len(given) != len(buses):
        return ()
    times = Counter(given)
    return tuple((word, name) for word, name in zip(given, buses.name, strict=True) if word and times[word] == 1)
