"""A pandapower net from JSON, behind a fence: pandapower's reader imports every module that the file names."""

import json
from typing import Any

import pandas as pd

from grid_models.errors import UnknownGrid, UnsupportedGrid

_WORKS = "one written by pandapower.to_json would load"
_PACKAGES = frozenset({"pandapower", "pandas", "networkx", "numpy", "geopandas", "shapely"})
_BUILTINS = frozenset({"tuple", "set", "frozenset", "bool", "int", "float", "str", "complex"})
_TABLES = ("bus", "line", "trafo", "load", "gen", "sgen", "ext_grid", "switch")


def net_from_json(data: bytes, name: str) -> Any:
    """Raises UnknownGrid when it is no net, UnsupportedGrid when it names foreign modules."""
    try:
        text = data.decode("utf-8")
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnknownGrid(f"File '{name}' is no JSON text ({type(error).__name__}); {_WORKS}.") from error
    if not isinstance(content, dict) or content.get("_class") != "pandapowerNet":
        raise UnknownGrid(f"File '{name}' is JSON but holds no pandapower net; {_WORKS}.")
    foreign = _foreign(content)
    if foreign:
        raise UnsupportedGrid(f"File '{name}' names the module '{foreign}', which no grid needs, and is not opened; {_WORKS}.")
    import pandapower as pp

    try:
        net = pp.from_json_string(text)
    except Exception as error:  # whatever the reader meets in a damaged file: its message is about its own internals
        raise UnknownGrid(f"File '{name}' is a damaged pandapower net ({type(error).__name__}); {_WORKS}.") from error
    broken = [table for table in _TABLES if not isinstance(net.get(table), pd.DataFrame)]
    if broken:
        raise UnknownGrid(f"File '{name}' has no table '{broken[0]}'; {_WORKS}.")
    return net


def _foreign(content: object) -> str:
    """The first module outside the fence, also inside JSON that lies as text in the JSON; empty when there is none."""
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "_module" in item and not _allowed(str(item["_module"]), str(item.get("_class", ""))):
                return str(item["_module"])[:60]
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and item.lstrip()[:1] in ("{", "[") and "_module" in _unescaped(item):
            waiting.append(_inner(item))
    return ""


def _allowed(module: str, class_name: str) -> bool:
    if module == "builtins":
        return class_name in _BUILTINS
    return module.split(".")[0] in _PACKAGES


def _unescaped(text: str) -> str:
    """A key may be written with escapes ('\\u005fmodule'): where any is found, the text is looked into."""
    return text if "\\u" not in text else text + "_module"


def _inner(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
