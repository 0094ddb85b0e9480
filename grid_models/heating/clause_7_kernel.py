"""The compiled march of IEEE C57.91 clause 7: exponential steps whose oil time constant follows the rise they start from and aim at.

Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

from math import exp

from grid_models.compiled import compiled, compiled_within
from grid_models.twin.model import FloatArray

_NO_CHANGE = 1e-6  # of the rated rise


@compiled_within
def power(base: float, exponent: float) -> float:
    """With the sign of the base: oil colder than the air takes heat from it."""
    return float(base**exponent if base >= 0.0 else -((-base) ** exponent))


@compiled_within
def slowed(aim: float, rise: float, n: float) -> float:
    """Oil time constant against its rated one, between two rises in pu of the rated rise (C57.91 clause 7.2.6): 1 where n is 1.

    Seen in public programs, not in print; in short steps it is the heat balance d rise/dt = (losses - rise^(1/n)) / tau, which is tested.
    """
    if abs(aim - rise) < _NO_CHANGE:
        return float(n * max(abs(aim), _NO_CHANGE) ** (1.0 - 1.0 / n))  # what the ratio tends to
    return (aim - rise) / (power(aim, 1.0 / n) - power(rise, 1.0 / n))


@compiled
def march(
    aim: FloatArray,
    gradient_aim: FloatArray,
    inside: int,
    oil_share: float,
    winding_decay: float,
    n: float,
    rise: FloatArray,
    above: FloatArray,
) -> None:
    """rise: (steps * inside + 1,) of the top oil over the air [pu of rated]; above: of the hot-spot over it [K]. Their row 0 is the start.

    aim, gradient_aim: (steps,) where they tend to.  oil_share: inner step by the rated oil time constant.
    """
    row = 0
    for i in range(len(aim)):
        for _ in range(inside):
            decay = exp(-oil_share / slowed(aim[i], rise[row], n))
            rise[row + 1] = aim[i] + (rise[row] - aim[i]) * decay
            above[row + 1] = gradient_aim[i] + (above[row] - gradient_aim[i]) * winding_decay
            row += 1
