"""The assistant's own sentences, from data/replies.yaml."""

from collections.abc import Sequence
from functools import lru_cache

from agent.brains.embedded.frame import Change
from agent.brains.embedded.vocabulary import data_file
from grid_models.twin.registry import Registry

_MOST_NAMES = 8
_VERBS = {
    "open": "open {0}",
    "close": "close {0}",
    "set_p": "set the active power of {0}",
    "set_q": "set the reactive power of {0}",
    "set_voltage": "set the voltage of {0}",
    "set_tap": "change the tap of {0}",
    "set_shunt": "set the step of {0}",
    "shed_load": "shed load at {0}",
    "release": "release {0}",
    "scale": "scale {0}",
}


@lru_cache
def _replies() -> dict[str, object]:
    return data_file("replies.yaml")


def say(key: str, **fields: str) -> str:
    """The sentence of this key with its fields filled in."""
    return str(_replies()[key]).format(**fields)


def unbuilt(topic: str) -> str:
    """What is not built yet, and what there is instead."""
    table = _replies()["unbuilt_what"]
    assert isinstance(table, dict)
    what, instead = table[topic]
    return say("unbuilt", what=what, instead=instead)


def listing(names: Sequence[str], last: str = "or") -> str:
    """'A, B or C'; a long list is cut and says so."""
    shown = list(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        return ", ".join(shown) + " and more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else ""


def ask_amount(change: Change) -> str:
    """The question for an amount; a transformer of which nobody said what to change is asked for that first."""
    element = change.element or change.group or "it"
    if change.kind == "set_tap" and not change.unit:
        return say("what_of_transformer", element=element)
    return say(f"value_{change.kind}", element=element)


def words_of(changes: Sequence[Change]) -> str:
    """The changes in words without their amounts: 'open HV1 Line 14 and close HV1 Line 15'."""
    targets = [_VERBS[c.kind].format(c.element or c.group or (f"the {c.described}" if c.described else "it")) for c in changes]
    return listing(list(dict.fromkeys(targets)), "and")


def example(registry: Registry) -> str:
    """A name of this grid to show how names look."""
    return next((e.name for e in registry.elements if e.kind == "line"), registry.elements[0].name)
