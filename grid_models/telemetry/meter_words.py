"""What a meter is called in one breath: 'P at HV1 Line 12 (from side)'."""

from grid_models.telemetry.quantities import SPECS, Quantity

_SYMBOLS = {
    Quantity.V: "V",
    Quantity.V_ANGLE: "V angle",
    Quantity.I_FROM: "I",
    Quantity.I_TO: "I",
    Quantity.I_ANGLE_FROM: "I angle",
    Quantity.I_ANGLE_TO: "I angle",
    Quantity.P_AVAILABLE: "P available",
}
_FROM = (Quantity.P_FROM, Quantity.Q_FROM, Quantity.I_FROM, Quantity.I_ANGLE_FROM)
_TO = (Quantity.P_TO, Quantity.Q_TO, Quantity.I_TO, Quantity.I_ANGLE_TO)


def meter_words(quantity: Quantity, element: str) -> str:
    """The quantity's symbol, where it is measured and at which end."""
    if not quantity.is_analogue:
        return f"{SPECS[quantity].words} of {element}"
    symbol = _SYMBOLS.get(quantity) or quantity.name[0]
    side = " (from side)" if quantity in _FROM else " (to side)" if quantity in _TO else ""
    return f"{symbol} at {element}{side}"
