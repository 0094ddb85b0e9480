"""Which element does a phrase mean? One element, several candidates, or none with the nearest names. Never a substitute."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from grid_models.twin.registry import Element, ElementKind, Registry, normalised

# Words of the trade for each kind, longest first where one holds another.
KIND_WORDS: dict[str, tuple[ElementKind, ...]] = {
    "transmission line": (ElementKind.LINE,),
    "overhead line": (ElementKind.LINE,),
    "line": (ElementKind.LINE,),
    "ohl": (ElementKind.LINE,),
    "circuit": (ElementKind.LINE,),
    "cable": (ElementKind.LINE,),
    "transformer": (ElementKind.TRANSFORMER,),
    "trafo": (ElementKind.TRANSFORMER,),
    "xfmr": (ElementKind.TRANSFORMER,),
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
    "solar park": (ElementKind.GENERATOR,),
    "power plant": (ElementKind.GENERATOR,),
    "generator": (ElementKind.GENERATOR,),
    "gen": (ElementKind.GENERATOR,),
    "sgen": (ElementKind.GENERATOR,),
    "park": (ElementKind.GENERATOR,),
    "unit": (ElementKind.GENERATOR,),
    "machine": (ElementKind.GENERATOR,),
    "storage": (ElementKind.GENERATOR,),
    "battery": (ElementKind.GENERATOR,),
    "infeed": (ElementKind.INFEED,),
    "external grid": (ElementKind.INFEED,),
    "ext grid": (ElementKind.INFEED,),
    "shunt": (ElementKind.SHUNT,),
    "capacitor": (ElementKind.SHUNT,),
    "reactor": (ElementKind.SHUNT,),
    "circuit breaker": (ElementKind.SWITCH,),
    "breaker": (ElementKind.SWITCH,),
    "switch": (ElementKind.SWITCH,),
    "disconnector": (ElementKind.SWITCH,),
    "coupler": (ElementKind.SWITCH,),
    "cb": (ElementKind.SWITCH,),
}
_KIND_PATTERN = re.compile(r"\b(" + "|".join(sorted(KIND_WORDS, key=len, reverse=True)) + r")(?:e?s)?\b")
_BETWEEN = re.compile(r"(?:between|from) (?:bus |node |busbar )?(.+?) (?:and|to) (?:bus |node |busbar )?(.+)$")
_PAIR = re.compile(r"^(?:line|transformer|trafo|branch|circuit|xfmr)?\s*(\d+)\s*[-–/]\s*(\d+)(?:\s*\((\d+)\))?$")
_AT = re.compile(r"\b(?:at|on|of) (?:the )?((?:bus |node |busbar ).+)$")
_NEAREST_SCORE = 55.0  # of 100; below it a name has nothing to do with the phrase


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
    """Resolve a phrase such as 'line 14', 'HV1 Trafo 3', 'the line between bus 5 and 6' or 'load at bus 3'."""
    allowed = tuple(kinds) or kinds_in(phrase) or tuple(ElementKind)
    exact = [e for e in registry.exact(phrase) if e.kind in allowed] or list(registry.exact(phrase))
    if len(exact) == 1:
        return Resolution(phrase, exact[0])
    found = exact or _by_ends(registry, phrase, allowed) or _at_bus(registry, phrase, allowed) or _by_tokens(registry, phrase, allowed)
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
    ends = [_bus_rows(registry, match.group(1)), _bus_rows(registry, match.group(2))]
    branches = [e for e in registry.of_kind(ElementKind.LINE, ElementKind.TRANSFORMER) if e.kind in kinds]
    found = [e for e in branches if _joins(registry.bus_of(e), ends)]
    circuit = pair.group(3) if pair else None
    return [e for e in found if circuit is None or e.name.endswith(f"({circuit})")]


def _joins(buses: tuple[int, ...], ends: list[set[int]]) -> bool:
    first, second = buses
    return (first in ends[0] and second in ends[1]) or (first in ends[1] and second in ends[0])


def _bus_rows(registry: Registry, text: str) -> set[int]:
    """Rows of the buses a word or number means."""
    text = text.strip(" .?!,")
    named = registry.exact(text) or registry.exact(f"bus {text}")
    return {e.index for e in named if e.kind is ElementKind.BUS}


def _at_bus(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...]) -> list[Element]:
    """'the load at bus 3': what stands at a bus."""
    match = _AT.search(" ".join(phrase.casefold().split()))
    rows = _bus_rows(registry, match.group(1)) if match else set()
    if not rows or kinds == (ElementKind.BUS,):
        return []
    return [e for e in registry.of_kind(*kinds) if e.kind is not ElementKind.BUS and rows & set(registry.bus_of(e))]


def _by_tokens(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...]) -> list[Element]:
    """Elements of a fitting kind whose name holds every word of the phrase that is not a kind word: 'line 14' → 'HV1 Line 14'."""
    kind_named = bool(kinds_in(phrase))
    words = [w for w in _KIND_PATTERN.sub(" ", normalised(phrase)).split() if w not in ("the", "a", "no", "number", "nr")]
    if not words or not any(any(c.isdigit() for c in w) for w in words):
        return []
    found = []
    for element in registry.of_kind(*kinds):
        tokens = normalised(element.name).split()
        # numbers are compared whole: '1' is not '14'; the last number is the element's own
        if set(words) <= set(tokens) and (words[-1] == tokens[-1] or not words[-1].isdigit()) and (kind_named or len(words) > 1):
            found.append(element)
    return found
