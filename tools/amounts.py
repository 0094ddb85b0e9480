"""How is a power written in a sentence?"""

_NOTHING_MW = 5e-4  # half a kilowatt: less is not told


def in_mw(power_mw: float, *, signed: bool = False) -> str:
    """'79.8 MW'; of less than one megawatt two figures, so that a low-voltage grid's kilowatts do not read '0.0 MW'."""
    small = _NOTHING_MW <= abs(power_mw) < 1.0
    return f"{power_mw if small or abs(power_mw) >= 1.0 else 0.0:{'+' if signed else ''}{'.2g' if small else '.1f'}} MW"
