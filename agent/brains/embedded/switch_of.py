"""'The line 2 breaker', 'the breaker of line 2 at station B': the switch, not the line that it belongs to."""

from dataclasses import replace

from agent.brains.embedded.kinds import Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from grid_models.twin.normal import normalised
from grid_models.twin.places import PlaceKind, elements_in, places_meant
from grid_models.twin.registry import ElementKind

_SWITCH = (ElementKind.SWITCH,)
_BRANCHES = {ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING}
_PLACING = ("at", "in", "of")
_STATION = frozenset({"the", "station", "substation", "switchyard"})
_LONGEST_PLACE = 4  # words


def with_switch(phrases: Phrases, mention: Mention) -> Mention:
    """The mention of a branch taken on to the word for a switch behind it, and a mention of switches narrowed to the station named."""
    kind = kind_at(phrases.tokens, mention.end) if set(mention.kinds) <= _BRANCHES and mention.kinds else None
    if kind is not None and kind.kinds == _SWITCH and not kind.plural:
        found = phrases.resolved(phrases.written(mention.start, kind.end), _SWITCH)
        if found.element or found.candidates:
            mention = phrases.meant(mention.start, kind.end, found, _SWITCH)
    return _at_station(phrases, mention) if mention.kinds == _SWITCH and mention.candidates else mention


def _at_station(phrases: Phrases, mention: Mention) -> Mention:
    """Of several switches those in the station that is named behind them; untouched where that leaves none."""
    at = mention.end
    if phrases.word(at) not in _PLACING:
        return mention
    for end in range(min(at + 1 + _LONGEST_PLACE, len(phrases.tokens)), at + 1, -1):
        said = phrases.written(at + 1, end)
        meant = [p for p in places_meant(phrases.registry, said) if p.kind is PlaceKind.SUBSTATION]
        inside = {e.name for place in meant for e in elements_in(phrases.registry, place)}
        words = {w for w in normalised(said).split() if w not in _STATION}  # a grid that names its stations in its switches' names only
        left = tuple(name for name in mention.candidates if name in inside or (words and words <= set(normalised(name).split())))
        if left:
            names, several = (left, ()) if len(left) == 1 else ((), left)
            return replace(mention, end=end, phrase=phrases.written(mention.start, end), elements=names, candidates=several)
    return mention
