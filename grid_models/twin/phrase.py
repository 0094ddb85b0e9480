"""A phrase read into its parts: kinds, kind word, voltage, and plain text with shorthand written out ('L14' → 'line 14')."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grid_models.twin.kind_words import ALL_WORDS, IDLE_WORDS, KIND_PATTERN, WHERE, family, head_of
from grid_models.twin.normal import normalised
from grid_models.twin.registry import Element, ElementKind, Registry
from grid_models.twin.traits import trait_of

_SHORT = {"l": "line", "t": "trafo", "tr": "trafo", "g": "generator", "b": "bus", "ld": "load", "sw": "switch", "ss": "substation"}
_WRITTEN = "|".join(
    sorted([*_SHORT, "sub", "ln", "cb", "tx", "xfmr", "line", "trafo", "bus", "gen", "sgen", "load"], key=len, reverse=True)
)
_SHORTHAND = re.compile(rf"(?<![\w.])({_WRITTEN})([\s._#-]*)(\d+)(?![\w.])")
_VOLTAGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[\s-]*kv\b")
_POSSESSIVE = re.compile(r"^(.+?)'s (.+)$")
_SAME_VOLTAGE_KV = 0.5  # '220 kV' means 220, not 225 (engineering judgement)


@dataclass(frozen=True)
class Phrase:
    """`text` is lower case; `kinds` are those that its own kind word and the caller both allow (empty = nothing can fit)."""

    text: str
    head: str
    kinds: tuple[ElementKind, ...]
    voltage_kv: float | None

    @property
    def words(self) -> list[str]:
        """The words that must be in a name: without idle words and without the kind word that says what the phrase is about."""
        plain = normalised(self.text)
        if self.head:
            plain = self._without_head(plain)
        return [w for w in plain.split() if w not in IDLE_WORDS]

    def _without_head(self, plain: str) -> str:
        what = WHERE.split(plain, maxsplit=1)[0]
        last = list(KIND_PATTERN.finditer(what))[-1]
        return f"{plain[: last.start()]} {plain[last.end() :]}"

    def fits(self, registry: Registry, element: Element) -> bool:
        """Is the element of a fitting kind, of what the kind word promises, and at the voltage that the phrase names?"""
        if element.kind not in self.kinds or not trait_of(self.head)(registry.model, element):
            return False
        kv = registry.model.buses.nominal_kv
        return self.voltage_kv is None or any(abs(kv[bus] - self.voltage_kv) < _SAME_VOLTAGE_KV for bus in registry.bus_of(element))

    def narrowed(self, registry: Registry, elements: Iterable[Element]) -> list[Element]:
        return [e for e in elements if self.fits(registry, e)]


def read(registry: Registry, phrase: str, wanted: tuple[ElementKind, ...] = ()) -> Phrase:
    """Read a phrase. `wanted` are the caller's kinds, all when empty."""
    text = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", phrase.casefold()).replace("\u2019", "'").split()).strip(" .?!,;:")
    owner = _POSSESSIVE.match(text)
    text = f"{owner.group(2)} at {owner.group(1)}" if owner else text
    voltage = _VOLTAGE.search(text)
    text = " ".join(_VOLTAGE.sub(" ", text).split()) if voltage else text
    text = _SHORTHAND.sub(lambda match: _written_out(registry, match), text)
    head = head_of(text)
    own = family(ALL_WORDS[head]) if head else tuple(ElementKind)
    kinds = tuple(k for k in own if not wanted or k in wanted)
    return Phrase(text, head, kinds, float(voltage.group(1)) if voltage else None)


def _written_out(registry: Registry, match: re.Match[str]) -> str:
    """'L14' → 'line 14', unless names of this grid use the letter as a word of their own ('T 1' where lines are 'T Line 1')."""
    short, gap, number = match.groups()
    taken = registry.is_word(short) and short in _SHORT if gap else registry.is_word(f"{short}{number}")
    if taken:
        return match.group(0)
    before = match.string[: match.start()]
    word = "substation" if short == "sub" else _SHORT.get(short, short)
    repeated = KIND_PATTERN.search(before) and family(ALL_WORDS.get(head_of(before), ())) == family(ALL_WORDS.get(word, ()))
    said = repeated and normalised(before).endswith(head_of(before))
    return number if said else f"{word} {number}"
