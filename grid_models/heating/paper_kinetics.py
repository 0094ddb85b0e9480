"""How fast the chains of cellulose break, from the data file: constants by paper, moisture and oxygen, each with its doubt."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, isfinite, log
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from grid_models.heating.ageing import Paper
from grid_models.heating.series import InvalidThermalInput

_FILE = Path(__file__).parents[1] / "data" / "paper_ageing.yaml"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KineticRow(_Row):
    """a_per_h: by moisture [%]."""

    paper: Paper
    sealed: bool
    activation_kj_per_mol: float
    a_per_h: dict[float, float]


class Furan(_Row):
    """log10(ppm) = intercept - slope · DP."""

    intercept: float
    slope: float
    lowest_ppm: float
    source: str
    unverified: bool
    doubt: str


class PaperAgeing(_Row):
    """The whole file."""

    source: str
    unverified: bool
    doubt: str
    start: float
    end: float
    kinetics: tuple[KineticRow, ...]
    furan: Furan


@dataclass(frozen=True)
class Kinetics:
    """a_per_h: chain breaks per hour as 1/DP.  unverified: in words; empty once the file's constants were compared with the print."""

    a_per_h: float
    activation_j_per_mol: float
    unverified: str


@lru_cache(maxsize=8)
def paper_ageing(path: Path = _FILE) -> PaperAgeing:
    """The data file. Raises InvalidThermalInput naming the first entry that is none."""
    try:
        return PaperAgeing.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidThermalInput(f"'{path.name}' cannot be read ({str(error).splitlines()[0]}); a YAML file would work.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidThermalInput(f"'{path.name}' holds no paper ageing: at {where}: {first['msg']}.") from error


def kinetics(paper: Paper, moisture_percent: float, sealed: bool, table: PaperAgeing | None = None) -> Kinetics:
    """Constants for this paper; A between two moistures by a straight line of its logarithm. Raises InvalidThermalInput outside."""
    data = table or paper_ageing()
    rows = [row for row in data.kinetics if row.paper is paper and row.sealed == sealed]
    if not rows:
        raise InvalidThermalInput(f"There are no constants for {paper} paper {_oxygen(sealed)}.")
    known = sorted(rows[0].a_per_h.items())
    if not (isfinite(moisture_percent) and known[0][0] <= moisture_percent <= known[-1][0]):
        raise InvalidThermalInput(
            f"A moisture of {moisture_percent:g} % was given for {paper} paper {_oxygen(sealed)}; constants are known {_range(known)}."
        )
    return Kinetics(_between(known, moisture_percent), rows[0].activation_kj_per_mol * 1000.0, data.doubt if data.unverified else "")


def _between(known: list[tuple[float, float]], moisture: float) -> float:
    for (low, a_low), (high, a_high) in pairwise(known):
        if low <= moisture <= high:
            return exp(log(a_low) + (log(a_high) - log(a_low)) * (moisture - low) / (high - low))
    return known[0][1]


def _range(known: list[tuple[float, float]]) -> str:
    low, high = known[0][0], known[-1][0]
    return f"only at {low:g} %" if low == high else f"from {low:g} to {high:g} %"


def _oxygen(sealed: bool) -> str:
    return "in a sealed tank" if sealed else "with access of air"
