"""How much energy turns in a machine? Kinetic energy at nominal speed, by kind of unit."""

from collections.abc import Mapping
from enum import StrEnum

from grid_models.dynamics.refused import NotCalculable

_MW_IN_GW = 1000.0


class UnitType(StrEnum):
    CCGT = "ccgt"
    OCGT = "ocgt"
    NUCLEAR = "nuclear"
    COAL = "coal"
    HYDRO = "hydro"
    PUMPED = "pumped"
    CONVERTER = "ibr"
    UNKNOWN = "unknown"


# Inertia constants [s] on the unit's own MVA. Source: typical values of a public under-frequency study (My_Colib0_contributions);
# nobody here has checked them against a manufacturer. UNKNOWN: a synchronous machine of no known kind has that of the reference set
# of Anderson and Mirheydar (1990), 4 s; engineering judgement.
INERTIA_S: Mapping[UnitType, float] = {
    UnitType.CCGT: 5.0,
    UnitType.OCGT: 4.0,
    UnitType.NUCLEAR: 4.5,
    UnitType.COAL: 4.0,
    UnitType.HYDRO: 3.0,
    UnitType.PUMPED: 4.5,
    UnitType.CONVERTER: 0.0,
    UnitType.UNKNOWN: 4.0,
}
INERTIA_SOURCE = "typical inertia constants of a public under-frequency study"


def inertia_gws(running_mva: Mapping[UnitType, float]) -> float:
    """Kinetic energy [GW·s] of the units that run, from their rated power [MVA] by type. Raises NotCalculable for a negative rating."""
    wrong = [f"{kind} {mva:g} MVA" for kind, mva in running_mva.items() if not 0.0 <= mva < float("inf")]
    if wrong:
        raise NotCalculable(f"Running units of {', '.join(wrong)} were given; ratings of 0 MVA or more would work.")
    return sum(INERTIA_S[kind] * mva for kind, mva in running_mva.items()) / _MW_IN_GW
