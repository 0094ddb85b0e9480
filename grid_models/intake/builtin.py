"""pandapower's built-in networks: every function of `pandapower.networks` that needs no argument."""

import inspect
import re
from collections.abc import Callable
from typing import Any


def builtin_functions() -> dict[str, Callable[[], Any]]:
    """Name and function. `case…` first, by their number: those are the published test cases."""
    import pandapower.networks as networks

    found = {n: f for n, f in inspect.getmembers(networks, inspect.isfunction) if f.__module__.startswith("pandapower.networks.")}
    free = {n: f for n, f in found.items() if not any(_needed(p) for p in inspect.signature(f).parameters.values())}
    return dict(sorted(free.items(), key=lambda item: _place(item[0])))


def _place(name: str) -> tuple[bool, int, str]:
    number = re.match(r"case_?[a-z]*(\d+)", name)
    return not name.startswith("case"), int(number[1]) if number else 0, name


def _needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
