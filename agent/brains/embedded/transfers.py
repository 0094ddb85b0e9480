"""'Move 50 MW from generator 38 to generator 39': one gives less and the other more by the amount, neither is set to it."""

import re
from typing import Literal

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.frame import Change
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import ElementKind, Registry
from grid_models.twin.resolve import resolve

_FROM_TO = re.compile(r"\b(?P<first>from|to|onto|over to) (?:the )?M (?:(?:over|on|across) )?(?P<second>from|to|onto)(?: the)? M\b")


def transfer(sentence: Sentence, use: VerbUse, registry: Registry) -> list[Change]:
    """The two changes of a transfer between two elements; empty where none is spoken of.

    A load takes no more than it does, so a transfer of load has its second half marked as what cannot be done.
    """
    said = _FROM_TO.search(sentence.shape(use.end, use.right[1]))
    ends = [m for m in sentence.mentions if use.end <= m.start and m.end <= use.right[1]]
    amounts = [q for q in sentence.quantities if use.end <= q.start < use.right[1]]
    if said is None or "from" not in said.groups() or said["first"] == said["second"] or len(ends) != 2 or not amounts:
        return []
    if any(len(m.elements) != 1 for m in ends):
        return []
    giving, taking = ends if said["first"] == "from" else reversed(ends)
    one = amounts[0] if len(amounts) == 1 and amounts[0].unit == "mw" else None
    value = one.value if one else None
    return [_half(giving.elements[0], value, -1, registry), _half(taking.elements[0], value, 1, registry)]


def _half(name: str, value: float | None, by: Literal[-1, 1], registry: Registry) -> Change:
    element = registry.find(name)
    if element.kind is ElementKind.BUS:
        there = resolve(registry, f"generator at {name}").element
        element = there or element
    if element.kind is ElementKind.LOAD:
        return Change(kind="shed_load", element=name, amount=value, unit="mw" if by < 0 else "unsupported", by=1)
    return Change(kind="set_p", element=element.name, amount=value, unit="mw", by=by if value is not None else 0)
