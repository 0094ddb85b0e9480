"""Which rules fit a grid? Its own system's where the name says it, else those of the systems with its nominal frequency."""

from pathlib import Path

from grid_models.twin.model import GridModel
from guardrails.errors import InvalidRule
from guardrails.rule_pack import RULES

_OF_GRID = {"GBnetwork": "gb", "GBreducednetwork": "gb"}  # models of a system that shares its frequency with another
_OF_FREQUENCY_HZ = {50.0: "entsoe-continental", 60.0: "nerc"}
_NEAR_HZ = 1.0  # a grid file may state 49.98


def pack_of(model: GridModel) -> Path:
    """The folder of the shipped pack for a grid. Raises InvalidRule where no pack is for its frequency."""
    if model.name in _OF_GRID:
        return RULES / _OF_GRID[model.name]
    near = min(_OF_FREQUENCY_HZ, key=lambda hz: abs(hz - model.frequency_hz))
    if not abs(near - model.frequency_hz) <= _NEAR_HZ:
        raise InvalidRule(
            f"No rule pack is for {model.frequency_hz:g} Hz, the frequency of '{model.name}'; AEIP_RULES with a folder works."
        )
    return RULES / _OF_FREQUENCY_HZ[near]
