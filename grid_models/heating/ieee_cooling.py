"""Cooling modes as IEEE C57.91 counts them: it tells oil that is only pumped into the tank from oil that is led into the windings."""

from enum import StrEnum

from grid_models.heating.series import InvalidThermalInput


class IeeeCooling(StrEnum):
    """Oil natural, forced (not directed) or directed; air natural or forced."""

    ONAN = "ONAN"
    ONAF = "ONAF"
    OFAF = "OFAF"
    ODAF = "ODAF"


_OLDER = {"OA": "ONAN", "FA": "ONAF", "FOA": "OFAF", "OFWF": "OFAF", "ODWF": "ODAF", "OF": "OFAF", "OD": "ODAF"}


def ieee_cooling(name: IeeeCooling | str) -> IeeeCooling:
    """The mode of a name; water counts as forced air, and OA, FA, FOA are the older American names. Raises InvalidThermalInput."""
    text = name.strip().upper()
    try:
        return IeeeCooling(_OLDER.get(text, text))
    except ValueError as error:
        raise InvalidThermalInput(f"There is no cooling mode '{name}' in IEEE C57.91; {', '.join(IeeeCooling)} work.") from error
