"""Words of the trade: which kinds of element does a phrase speak of, and what else does its word promise?"""

import re
from collections.abc import Iterable

from grid_models.twin.registry import ElementKind, normalised

# Words of the trade for each kind, longest first where one holds another.
KIND_WORDS: dict[str, tuple[ElementKind, ...]] = {
    "transmission line": (ElementKind.LINE,),
    "overhead line": (ElementKind.LINE,),
    "line": (ElementKind.LINE,),
    "ln": (ElementKind.LINE,),
    "ohl": (ElementKind.LINE,),
    "circuit": (ElementKind.LINE,),
    "cct": (ElementKind.LINE,),
    "ckt": (ElementKind.LINE,),
    "feeder": (ElementKind.LINE,),
    "cable": (ElementKind.LINE,),
    "transformer": (ElementKind.TRANSFORMER,),
    "trafo": (ElementKind.TRANSFORMER,),
    "tx": (ElementKind.TRANSFORMER,),
    "xfmr": (ElementKind.TRANSFORMER,),
    "autotransformer": (ElementKind.TRANSFORMER,),
    "transformator": (ElementKind.TRANSFORMER,),
    "umspanner": (ElementKind.TRANSFORMER,),
    "autobank": (ElementKind.TRANSFORMER,),
    "transformer bank": (ElementKind.TRANSFORMER,),
    "trafo bank": (ElementKind.TRANSFORMER,),
    "xfmr bank": (ElementKind.TRANSFORMER,),
    "tx bank": (ElementKind.TRANSFORMER,),
    "bank": (ElementKind.TRANSFORMER, ElementKind.SHUNT),
    "branch": (ElementKind.LINE, ElementKind.TRANSFORMER),
    "slack bus": (ElementKind.BUS,),
    "swing bus": (ElementKind.BUS,),
    "reference bus": (ElementKind.BUS,),
    "busbar": (ElementKind.BUS,),
    "bus": (ElementKind.BUS,),
    "node": (ElementKind.BUS,),
    "load": (ElementKind.LOAD,),
    "demand": (ElementKind.LOAD,),
    "consumer": (ElementKind.LOAD,),
    "static generator": (ElementKind.GENERATOR,),
    "wind farm": (ElementKind.GENERATOR,),
    "wind park": (ElementKind.GENERATOR,),
    "wind turbine": (ElementKind.GENERATOR,),
    "windfarm": (ElementKind.GENERATOR,),
    "windpark": (ElementKind.GENERATOR,),
    "solar park": (ElementKind.GENERATOR,),
    "solar farm": (ElementKind.GENERATOR,),
    "pv park": (ElementKind.GENERATOR,),
    "pv plant": (ElementKind.GENERATOR,),
    "power plant": (ElementKind.GENERATOR,),
    "wind generator": (ElementKind.GENERATOR,),
    "wind plant": (ElementKind.GENERATOR,),
    "solar generator": (ElementKind.GENERATOR,),
    "solar plant": (ElementKind.GENERATOR,),
    "pv generator": (ElementKind.GENERATOR,),
    "generator": (ElementKind.GENERATOR,),
    "gen": (ElementKind.GENERATOR,),
    "sgen": (ElementKind.GENERATOR,),
    "park": (ElementKind.GENERATOR,),
    "plant": (ElementKind.GENERATOR,),
    "unit": (ElementKind.GENERATOR,),
    "machine": (ElementKind.GENERATOR,),
    "storage": (ElementKind.GENERATOR,),
    "battery": (ElementKind.GENERATOR,),
    "slack generator": (ElementKind.INFEED,),
    "swing generator": (ElementKind.INFEED,),
    "infeed": (ElementKind.INFEED,),
    "external grid connection": (ElementKind.INFEED,),
    "grid connection": (ElementKind.INFEED,),
    "external grid": (ElementKind.INFEED,),
    "ext grid": (ElementKind.INFEED,),
    "shunt reactor": (ElementKind.SHUNT,),
    "shunt capacitor": (ElementKind.SHUNT,),
    "shunt": (ElementKind.SHUNT,),
    "reactive compensation": (ElementKind.SHUNT,),
    "var compensation": (ElementKind.SHUNT,),
    "cap bank": (ElementKind.SHUNT,),
    "capacitor bank": (ElementKind.SHUNT,),
    "capacitor": (ElementKind.SHUNT,),
    "reactor": (ElementKind.SHUNT,),
    "circuit breaker": (ElementKind.SWITCH,),
    "breaker": (ElementKind.SWITCH,),
    "switch": (ElementKind.SWITCH,),
    "isolator": (ElementKind.SWITCH,),
    "disconnector": (ElementKind.SWITCH,),
    "bus coupler": (ElementKind.SWITCH,),
    "busbar coupler": (ElementKind.SWITCH,),
    "bus tie": (ElementKind.SWITCH,),
    "coupler": (ElementKind.SWITCH,),
    "cb": (ElementKind.SWITCH,),
}
# Words that mean an element only inside a phrase about one ("the slack"); in a sentence they also mean other things.
PHRASE_WORDS: dict[str, tuple[ElementKind, ...]] = {
    "three winding transformer": (ElementKind.THREE_WINDING,),
    "three winding trafo": (ElementKind.THREE_WINDING,),
    "3w transformer": (ElementKind.THREE_WINDING,),
    "3w trafo": (ElementKind.THREE_WINDING,),
    "trafo3w": (ElementKind.THREE_WINDING,),
    "slack": (ElementKind.INFEED,),
}
ALL_WORDS = KIND_WORDS | PHRASE_WORDS
KIND_PATTERN = re.compile(r"\b(" + "|".join(sorted(ALL_WORDS, key=len, reverse=True)) + r")(?:e?s)?\b")
IDLE_WORDS = frozenset({"the", "a", "an", "no", "number", "nr"})
# Where the part of a phrase ends that says what is meant, and the part begins that says where it is.
WHERE = re.compile(r"\b(?:between|from|at|on|of|in|inside|feeding|connected to|for)\b")


def head_of(phrase: str) -> str:
    """The kind word that says what the phrase is about: the last one before any place ('bus 30 generator' is a generator); '' if none."""
    what = WHERE.split(normalised(phrase), maxsplit=1)[0]
    found = KIND_PATTERN.findall(what)
    return str(found[-1]) if found else ""


def kinds_in(phrase: str) -> tuple[ElementKind, ...]:
    """The kinds the phrase's own words allow; empty when it names none."""
    return family(ALL_WORDS.get(head_of(phrase), ()))


def family(kinds: Iterable[ElementKind]) -> tuple[ElementKind, ...]:
    """These kinds; who says transformer may also mean a three-winding one."""
    found = tuple(dict.fromkeys(kinds))
    more = ElementKind.TRANSFORMER in found and ElementKind.THREE_WINDING not in found
    return (*found, ElementKind.THREE_WINDING) if more else found
