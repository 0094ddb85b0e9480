"""Which element does a phrase mean? One element, several candidates, or none with the nearest names. Never a substitute."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from grid_models.twin.apply import breakers_of
from grid_models.twin.registry import Element, ElementKind, Registry, normalised

# Words of the trade for each kind, longest first where one holds another.
KIND_WORDS: dict[str, tuple[ElementKind, ...]] = {
    "transmission line": (ElementKind.LINE,),
    "overhead line": (ElementKind.LINE,),
    "line": (ElementKind.LINE,),
    "ln": (ElementKind.LINE,),
    "ohl": (ElementKind.LINE,),
    "circuit": (ElementKind.LINE,),
    "feeder": (ElementKind.LINE,),
    "cable": (ElementKind.LINE,),
    "transformer": (ElementKind.TRANSFORMER,),
    "trafo": (ElementKind.TRANSFORMER,),
    "tx": (ElementKind.TRANSFORMER,),
    "xfmr": (ElementKind.TRANSFORMER,),
    "autotransformer": (ElementKind.TRANSFORMER,),
    "transformator": (ElementKind.TRANSFORMER,),
    "branch": (ElementKind.LINE, ElementKind.TRANSFORMER),
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
    "generator": (ElementKind.GENERATOR,),
    "gen": (ElementKind.GENERATOR,),
    "sgen": (ElementKind.GENERATOR,),
    "park": (ElementKind.GENERATOR,),
    "plant": (ElementKind.GENERATOR,),
    "unit": (ElementKind.GENERATOR,),
    "machine": (ElementKind.GENERATOR,),
    "storage": (ElementKind.GENERATOR,),
    "battery": (ElementKind.GENERATOR,),
    "infeed": (ElementKind.INFEED,),
    "external grid connection": (ElementKind.INFEED,),
    "grid connection": (ElementKind.INFEED,),
    "external grid": (ElementKind.INFEED,),
    "ext grid": (ElementKind.INFEED,),
    "shunt": (ElementKind.SHUNT,),
    "capacitor bank": (ElementKind.SHUNT,),
    "capacitor": (ElementKind.SHUNT,),
    "reactor": (ElementKind.SHUNT,),
    "circuit breaker": (ElementKind.SWITCH,),
    "breaker": (ElementKind.SWITCH,),
    "switch": (ElementKind.SWITCH,),
    "isolator": (ElementKind.SWITCH,),
    "disconnector": (ElementKind.SWITCH,),
    "coupler": (ElementKind.SWITCH,),
    "cb": (ElementKind.SWITCH,),
}
_KIND_PATTERN = re.compile(r"\b(" + "|".join(sorted(KIND_WORDS, key=len, reverse=True)) + r")(?:e?s)?\b")
_END = r"(?:bus |node |busbar |substation )?"
_BETWEEN = re.compile(rf"(?:between|from) (?:the )?{_END}(.+?) (?:and|to) (?:the )?{_END}(.+)$")
_PAIR = re.compile(r"^[a-z ]*?(\d+)\s*[-–/]\s*(\d+)(?:\s*\((\d+)\))?$")
_AT = re.compile(r"\b(?:at|on|of|in|feeding|connected to|for) (?:the )?(.+)$")
_IDLE_WORDS = frozenset({"the", "a", "an", "no", "no.", "number", "nr", "nr."})
_NEAREST_SCORE = 55.0  # of 100; below it a name has nothing to do with the phrase
_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER)


@dataclass(frozen=True)
class Resolution:
    """`element` when the phrase means exactly one; else `candidates` (several fit) or only `nearest` (none fits)."""

    phrase: str
    element: Element | None = None
    candidates: tuple[Element, ...] = ()
    nearest: tuple[str, ...] = ()


def kinds_in(phrase: str) -> tuple[ElementKind, ...]:
    """The kinds the phrase's own words allow; empty when it names none."""
    found = _KIND_PATTERN.search(normalised(phrase))
    return KIND_WORDS[found.group(1)] if found else ()


def resolve(registry: Registry, phrase: str, kinds: Iterable[ElementKind] = ()) -> Resolution:
    """Resolve a phrase such as 'line 14', 'HV1 Trafo 3', 'the line between bus 5 and 6', 'load at bus 3' or 'breakers of line 14'.

    An element of another kind than the phrase (or the caller) says is never found, unless the phrase is exactly its name.
    """
    wanted = tuple(kinds)
    allowed = wanted or kinds_in(phrase) or tuple(ElementKind)
    named = registry.exact(phrase)
    exact = [e for e in named if e.kind in allowed] or ([] if wanted else list(named))
    if len(exact) == 1:
        return Resolution(phrase, exact[0])
    found = exact or _by_ends(registry, phrase, allowed) or _by_words(registry, phrase, allowed) or _at_place(registry, phrase, allowed)
    if len(found) == 1:
        return Resolution(phrase, found[0])
    if found:
        return Resolution(phrase, candidates=tuple(found))
    return Resolution(phrase, nearest=nearest(registry, phrase, allowed))


def nearest(registry: Registry, phrase: str, kinds: Iterable[ElementKind] = (), count: int = 3) -> tuple[str, ...]:
    """The display names most like the phrase, best first; none when nothing is alike."""
    allowed = tuple(kinds) or kinds_in(phrase) or tuple(ElementKind)
    pool = {e.name: normalised(e.name) for e in registry.of_kind(*allowed)}
    matches = process.extract(normalised(phrase), pool, scorer=fuzz.ratio, limit=count, score_cutoff=_NEAREST_SCORE)
    return tuple(key for _, _, key in matches)


def _by_ends(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...]) -> list[Element]:
    """Branches between two buses: 'line between bus 5 and 6', 'line 5-6', 'transformer 4-7 (1)'."""
    lowered = " ".join(phrase.casefold().split())
    pair, between = _PAIR.match(lowered), _BETWEEN.search(lowered)
    match = pair or between
    if not match:
        return []
    ends = [_buses_meant(registry, match.group(1)), _buses_meant(registry, match.group(2))]
    branches = [e for e in registry.of_kind(*_BRANCHES) if e.kind in kinds]
    found = [e for e in branches if _joins(registry.bus_of(e), ends)]
    if not found and all(ends):
        stations = [registry.joined(rows) for rows in ends]
        found = [e for e in branches if _joins(registry.bus_of(e), stations)]
    circuit = pair.group(3) if pair else None
    return [e for e in found if circuit is None or e.name.endswith(f"({circuit})")]


def _joins(buses: tuple[int, ...], ends: Sequence[frozenset[int]]) -> bool:
    first, second = buses
    return (first in ends[0] and second in ends[1]) or (first in ends[1] and second in ends[0])


def _buses_meant(registry: Registry, text: str) -> frozenset[int]:
    """Rows of the buses a word, a number or a substation's name means."""
    text = text.strip(" .?!,").removeprefix("the ")
    named = registry.exact(text) or registry.exact(f"bus {text}")
    rows = {e.index for e in named if e.kind is ElementKind.BUS}
    if not rows and any(w.isdigit() for w in normalised(text).split()):  # 'HV1' alone is no bus
        rows = {e.index for e in _by_words(registry, text if kinds_in(text) else f"bus {text}", (ElementKind.BUS,))}
    return frozenset(rows) or _buses_of_substation(registry, text)


def _buses_of_substation(registry: Registry, text: str) -> frozenset[int]:
    """Buses of the one substation whose name holds every word of the text."""
    words = set(normalised(text).split()) - _IDLE_WORDS
    names = registry.model.buses.substation
    fitting = {name for name in set(names) if name and words and words <= set(normalised(name).split())}
    return frozenset(i for i, name in enumerate(names) if name in fitting) if len(fitting) == 1 else frozenset()


def _at_place(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...]) -> list[Element]:
    """What stands at a bus or in a substation ('the load at bus 3'), and the switches of a branch ('breakers of line 14')."""
    match = _AT.search(" ".join(phrase.casefold().split()))
    if not match or kinds == (ElementKind.BUS,):
        return []
    place = match.group(1)
    if kinds == (ElementKind.SWITCH,) and set(kinds_in(place)) & set(_BRANCHES):
        branch = resolve(registry, place).element
        rows = breakers_of(registry.model, branch.index) if branch else ()
        return [e for e in registry.of_kind(ElementKind.SWITCH) if e.index in rows]
    buses = _buses_meant(registry, place)
    others = [e for e in registry.of_kind(*kinds) if e.kind is not ElementKind.BUS]
    direct = [e for e in others if buses & set(registry.bus_of(e))]
    return direct or [e for e in others if registry.joined(buses) & set(registry.bus_of(e))]


def _by_words(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...]) -> list[Element]:
    """Elements of a fitting kind whose name holds every word of the phrase that is not a kind word: 'line 14' → 'HV1 Line 14'."""
    words = [w for w in _KIND_PATTERN.sub(" ", normalised(phrase)).split() if w not in _IDLE_WORDS]
    if not any(any(c.isdigit() for c in w) for w in words) or not (kinds_in(phrase) or len(words) > 1):
        return []
    # numbers are compared whole: '1' is not '14'; the last number is the element's own
    fitting = [e for e in registry.with_words(words) if e.kind in kinds]
    return [e for e in fitting if not words[-1].isdigit() or words[-1] == normalised(e.name).split()[-1]]
