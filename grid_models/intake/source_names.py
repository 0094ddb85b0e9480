"""Which names of the source are not shown, and must be found all the same?

A table with one missing or repeated name is shown by ends or numbers instead. Its names stay aliases: 'cable 1' must never mean another
line because a third one has no name; a repeated name is one of several elements, which are then asked about.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from grid_models.intake.columns import column, text
from grid_models.twin.model import Branches, Buses, Generators, Infeeds, Loads, Shunts, Switches


def hidden_names(
    net: Any, buses: Buses, branches: Branches, *others: Loads | Generators | Infeeds | Shunts | Switches
) -> Iterator[tuple[str, str]]:
    """(name in the source, display name) of every element shown otherwise. `others`: loads, generators, infeeds, shunts, switches."""
    loads, generators, infeeds, shunts, switches = (table.name for table in others)
    slack = column(net.gen, "slack", 0).astype(bool)
    yield from _hidden(buses.name, net.bus)
    yield from _hidden(branches.name, net.line, net.trafo)
    yield from _hidden(loads, net.load)
    yield from _hidden(generators, net.sgen, net.gen[~slack], net.storage)
    yield from _hidden(infeeds, net.ext_grid, net.gen[slack])
    yield from _hidden(shunts, net.shunt)
    yield from _hidden(switches, net.switch)


def _hidden(shown: Sequence[str], *tables: Any) -> Iterator[tuple[str, str]]:
    """Of the first rows of a model's table, which come from these tables of the source; a bare number says too little to be an alias."""
    given = [text(name).strip() for table in tables for name in (table["name"] if "name" in table else [""] * len(table))]
    return ((name, display) for name, display in zip(given, shown, strict=False) if name and name != display and not name.isdigit())
