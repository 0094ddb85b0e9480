"""Which field do the words beside a number speak of? One small vocabulary for field names and for sentences."""

import re
from functools import lru_cache

from agent.grounding.formats import unit_of_field

# canonical word -> words (whole, in lower case) that mean it in a field name or in a sentence
_MEANING: dict[str, str] = {
    "lost": "lost lose loses losing interrupted interrupts unsupplied unserved deenergised de-energised dead disconnected disconnects",
    "losses": "losses",
    "load": "load loads demand consumption",
    "generation": "generation generator generators production parks",
    "wind": "wind",
    "max": "highest high max maximum most peak peaks top largest greatest heaviest zenith",
    "min": "lowest low min minimum least smallest nadir",
    "loading": "loading loadings loaded utilisation utilization",
    "overload": "overload overloads overloaded overloading",
    "voltage": "voltage voltages vm",
    "current": "current currents",
    "rating": "rating ratings rated capacity",
    "limit": "limit limits threshold allowed permitted",
    "before": "before previously originally base from was",
    "after": "after becomes",
    "margin": "margin headroom reserve",
    "slack": "slack infeed infeeds exchange interchange",
    "import": "import imports imported importing",
    "export": "export exports exported exporting",
    "available": "available",
    "tap": "tap taps",
    "cases": "cases outages outage contingencies",
    "violation": "violation violations violated violating",
    "failed": "failed diverged unsolved",
    "islands": "island islands",
    "buses": "bus buses nodes",
    "lines": "lines line",
    "transformers": "transformers transformer trafos",
    "switches": "switches breakers",
    "branches": "branch branches",
    "shed": "shed shedding",
    "active": "active p flow flows power",
    "reactive": "reactive q",
    "angle": "angle va",
    "studied": "studied analysed analyzed covered checked examined",
    "finding": "finding findings insecure",
    "proposal": "proposal proposals id",
    "measured": "measured reads reading readings",
    "estimated": "estimated estimate estimates",
    "residual": "residual residuals",
    "alarms": "alarm alarms",
    "refused": "refused",
    "unacknowledged": "unacknowledged",
    "nominal": "nominal level levels",
    "hot-spot": "hot hot-spot hotspot hottest",
    "oil": "oil",
    "horizon": "horizon within",
    "ambient": "ambient outside",
    "rate": "rocof rate steepness falls fall falling rises",
    "inertia": "inertia",
    "settling": "settles settle settling settled",
    "damping": "damping",
    "ageing": "ageing aging ages",
    "life": "life lifetime",
    "trips": "trip trips tripped tripping",
    "risk": "risk expected",
    "spreading": "spread spreads spreading",
    "mean": "mean average",
    "area": "area areas zone zones",
    "response": "response respond responds governors",
    "now": "now currently presently",
    "used": "used",
    "given": "given",
    "pseudo": "pseudo pseudo-measurements",
    "freedom": "dof freedom",
    "squares": "j squares",
    "normalised": "normalised normalized",
}
_CANONICAL = {word: meaning for meaning, words in _MEANING.items() for word in words.split()}
_PHRASES = dict.fromkeys(("cut off", "cuts off", "loss of load", "load loss", "loss of supply", "without supply"), "lost")
_TOP_OIL = re.compile(r"top[ _-]oil")  # a place in the tank and no superlative
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_ORDER = {"max", "min"}
# fields whose name does not say what they count
_NAMED = {"total": frozenset({"cases", "proposal", "finding"}), "cases": frozenset({"cases", "studied"})}

# Words that turn a quantity into another one: a fact with such a word is not what a text without it most likely means.
MARKED = frozenset({"lost", "before", "limit", "margin", "rating", "available", "wind", "shed", "max", "min", "failed"})
# Words in front of a number that say which quantity it is of.
_OF_A_QUANTITY = (
    "loading voltage current rating losses rate inertia damping margin residual hot-spot oil ambient angle measured estimated settling"
)
QUANTITIES = frozenset(_OF_A_QUANTITY.split())
ENDS = frozenset({"lost", "violation"})  # right behind it: "26 lose load"
POWERS = frozenset({"load", "generation"})  # only right in front of it: "losing one loads the other to" is about neither
SUPERLATIVE = frozenset(_ORDER)
TIMES = frozenset({"before", "after"})
DIRECTION = frozenset({"import", "export"})


@lru_cache(maxsize=4096)
def words_of_text(text: str) -> frozenset[str]:
    """The canonical words in a piece of a sentence."""
    lower = _TOP_OIL.sub("oil", text.lower())
    found = {_CANONICAL[w] for w in _WORD.findall(lower) if w in _CANONICAL}
    return frozenset(found | {meaning for phrase, meaning in _PHRASES.items() if phrase in lower})


@lru_cache(maxsize=4096)
def words_of_field(field: str) -> frozenset[str]:
    """The canonical words in a field's name, its unit apart; the names of electrical units add what they measure."""
    if field in _NAMED:
        return _NAMED[field]
    unit = unit_of_field(field)
    parts = _TOP_OIL.sub("oil", field).split("_")
    found = {_CANONICAL[p] for p in parts if p in _CANONICAL}
    if unit.quantity == "voltage" or (unit.name == "pu" and not found - _ORDER):
        found.add("voltage")
    if unit.name == "percent" and "load" in found and "lost" not in found:
        found.add("loading")
    return frozenset(found | ({"current"} if unit.name == "kA" and "rating" not in found else set()))


def words_of_parent(field: str) -> frozenset[str]:
    """What an enclosing object adds: `lost_by_changes.load_mw` is lost load. Its order belongs to its first item, not to all."""
    return words_of_field(field) - _ORDER - {"cases"}
