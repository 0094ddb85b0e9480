"""What is probably wrong with a meter that was left out? Read from what it says, what it should say, and how it behaved before."""

from dataclasses import dataclass
from enum import StrEnum

_NEAR = 3.0  # standard deviations within which two values agree; the usual 99.7 %
_FEW_PERCENT = 0.03  # share by which a factor may be off and still be that factor
_UNITS = {
    1000.0: "a thousand times too large",
    0.001: "a thousand times too small",
    3**0.5: "√3 times too large",
    3**-0.5: "√3 times too small",
}
_STILL_S = 60.0  # engineering judgement: fifteen scans of 4 s without any change
_SLOW = 0.5  # standard deviations of mean deviation before: noise averages to 0.13, a drift was on its way


class Likely(StrEnum):
    SIGN = "sign error"
    FACTOR = "wrong unit or ratio"
    NOTHING = "reads zero"
    FROZEN = "frozen value"
    DRIFT = "drift"
    GROSS = "gross error"
    FORECAST = "forecast off"


@dataclass(frozen=True)
class Behaviour:
    """How a meter behaved before: unchanged for so long, the estimate when it last changed, its mean deviation in standard deviations."""

    still_s: float = 0.0
    estimate_then: float = float("nan")
    mean_deviation: float = 0.0


@dataclass(frozen=True)
class Verdict:
    likely: Likely
    words: str


FORECAST_OFF = Verdict(Likely.FORECAST, "no meter: the forecast that stands in for one is off")


def verdict(measured: float, estimated: float, spread: float, behaviour: Behaviour | None = None) -> Verdict:
    """`spread`: standard deviation of measured less estimated; all in the measurement's unit."""
    near, large = _NEAR * spread, abs(estimated) > 2 * _NEAR * spread
    if large and abs(measured + estimated) < max(near, _FEW_PERCENT * abs(estimated)):
        return Verdict(Likely.SIGN, "likely sign error")
    if large and abs(measured) < near:
        return Verdict(Likely.NOTHING, "it reads zero although something flows")
    moved = abs(estimated - behaviour.estimate_then) > near if behaviour else False
    if behaviour and behaviour.still_s >= _STILL_S and moved and abs(measured - behaviour.estimate_then) < 2 * near:
        return Verdict(Likely.FROZEN, f"likely frozen: unchanged for {behaviour.still_s:.0f} s while the grid moved")
    if large:
        for factor, words in _UNITS.items():
            if abs(measured / estimated / factor - 1.0) < _FEW_PERCENT:
                return Verdict(Likely.FACTOR, f"likely wrong unit or ratio: {words}")
    error = measured - estimated
    if behaviour and abs(behaviour.mean_deviation) > _SLOW and behaviour.mean_deviation * error > 0:
        return Verdict(Likely.DRIFT, "likely drift: its error has been growing")
    return Verdict(Likely.GROSS, "gross error")
