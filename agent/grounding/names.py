"""Where does a text name an element? Names carry digits ("HV1 Line 14", "Bus 12"), and those are no claims."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Span = tuple[int, int]
Key = tuple[str, ...]

_TOKEN = re.compile(r"[^\W_]+")
_CIRCUIT = re.compile(r"\s*\(\d+\)$")
_SEPARATORS = str.maketrans("_-–−", "    ")  # one to one, so that positions stay
_ONE = "line|bus|node|trafo|transformer|load|generator|sgen|park|infeed|switch|breaker|shunt"
_MANY = "lines|buses|nodes|trafos|transformers|loads|generators|sgens|parks|infeeds|switches|breakers|shunts"
_SAME_KIND = {"transformer": ("transformer", "trafo"), "generator": ("generator", "sgen"), "park": ("sgen", "park"), "breaker": ("switch",)}
# "line 14", "trafo 3 and 4", "lines 3, 5 and 8-10"; a number with decimals or a unit is a value and no name. "Losing line 54, 14 limits
# are violated" names one line: only a plural goes on behind a comma.
_SHORT = re.compile(
    rf"\b(?:({_ONE})[ \t]+(?:no\.?[ \t]*|number[ \t]+)?(\d+(?:(?:[ \t]+(?:and|or)[ \t]+|/|[-–])\d+)*)"
    rf"|({_MANY})[ \t]+(\d+(?:(?:[ \t]*(?:,|/|-|–|and|or|to)[ \t]*)+\d+)*))"
    r"(?![\d.]*\d|\s*(?:%|[kMG]?(?:W|var|VA)\b|pu\b|k[VA]\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """A stretch of text that names elements; `elements` is more than one where a short name fits several."""

    span: Span
    elements: frozenset[str]


class NameIndex:
    """Names by their words, so that finding them does not depend on how many there are.

    `aliases` are pairs of another spelling and the name; 'Line 5-6' stands for every circuit of it, as in the registry.
    """

    def __init__(self, names: Iterable[str], aliases: Iterable[tuple[str, str]] = ()) -> None:
        self._by_key: dict[Key, dict[str, set[str]]] = {}
        self._by_tail: dict[Key, set[str]] = {}
        circuits = [(_CIRCUIT.sub("", name), name) for name in names if _CIRCUIT.search(name)]
        for said, name in (*((name, name) for name in names), *aliases, *circuits):
            key = tuple(t.lower() for t in _TOKEN.findall(said))
            if re.search(r"[^\W\d_]", said):  # a name without a letter would hide every number like it
                self._by_key.setdefault(key, {}).setdefault(said, set()).add(name)
                self._by_tail.setdefault(key[-2:], set()).add(name)
        self._longest = max(map(len, self._by_key), default=0)

    def find(self, text: str) -> list[Mention]:
        """All mentions in the order of the text: full names, the longest first, then short ones ("line 14")."""
        full = list(self._full(text))
        taken = covered(len(text), (m.span for m in full))
        short = [m for m in self._short(text) if not any(taken[slice(*m.span)])]
        return sorted([*full, *short], key=lambda m: m.span)

    def elements_in(self, text: str) -> frozenset[str]:
        return frozenset(e for m in self.find(text) for e in m.elements)

    def _full(self, text: str) -> Iterator[Mention]:
        tokens, plain = list(_TOKEN.finditer(text)), _plain(text)
        at = 0
        while at < len(tokens):
            mention, used = self._at(text, plain, tokens[at : at + self._longest])
            if mention:
                yield mention
            at += used

    def _at(self, text: str, plain: str, tokens: Sequence[re.Match[str]]) -> tuple[Mention | None, int]:
        """The longest name that begins with the first token, and how many tokens it takes."""
        words = [t[0].lower() for t in tokens]
        for used in range(len(tokens), 0, -1):
            for said, elements in self._by_key.get(tuple(words[:used]), {}).items():
                lead = _TOKEN.search(said)
                start = tokens[0].start() - (lead.start() if lead else 0)
                if start >= 0 and _written_at(text, plain, said, start):
                    return Mention((start, start + len(said)), frozenset(elements)), used
        return None, 1

    def _short(self, text: str) -> Iterator[Mention]:
        """'line 54' stands for every element whose name ends like that; without one it is no name."""
        for span, kind in short_names(text):
            fitting = {n for same in _SAME_KIND.get(kind, (kind,)) for n in self._by_tail.get((same, text[slice(*span)]), ())}
            if fitting:
                yield Mention(span, frozenset(fitting))


def short_names(text: str) -> Iterator[tuple[Span, str]]:
    """Where a number stands behind a kind of element, 'line 54' or the 5 of 'lines 3 and 5', and the kind."""
    for found in _SHORT.finditer(text):
        kind = found[1].lower() if found[1] else re.sub(r"(?<=[sh])es$|(?<=[^su])s$", "", found[3].lower())
        listed = 2 if found[1] else 4
        for digits in re.finditer(r"\d+", found[listed]):
            start = found.start(listed) + digits.start()
            yield (start, start + len(digits[0])), kind


@lru_cache(maxsize=8)
def index_of(names: tuple[str, ...], aliases: tuple[tuple[str, str], ...] = ()) -> NameIndex:
    """The index of a grid's names, made once."""
    return NameIndex(names, aliases)


def covered(length: int, spans: Iterable[Span]) -> bytearray:
    """One byte for each character of a text: 1 where a span lies."""
    mask = bytearray(length)
    for start, end in spans:
        mask[start:end] = b"\x01" * (end - start)
    return mask


def _plain(text: str) -> str:
    lower = text.lower().translate(_SEPARATORS)
    return lower if len(lower) == len(text) else text.translate(_SEPARATORS)


def _written_at(text: str, plain: str, name: str, start: int) -> bool:
    """Whether the name, and not a longer word or number, stands there. A name without digits only where it is written like one."""
    end = start + len(name)
    if plain[start:end] != _plain(name) or text[end : end + 1].isalnum():
        return False
    if name[-1:].isdigit() and re.match(r"[-–.,]\d", text[end : end + 2]):
        return False
    return any(c.isdigit() for c in name) or text[start:end] == name
