"""Which passages are the clauses that were named, and which are nearest where a clause is not stored?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.index.clause_asked import Reference, references
from knowledge.passage import Passage


@dataclass(frozen=True)
class Stored:
    """`at`: positions of the passages that are the named clauses; `missing`: what was named and no passage is."""

    at: tuple[int, ...]
    missing: tuple[Reference, ...]


def stored(asked: Iterable[Reference], passages: Sequence[Passage], pool: Sequence[int]) -> Stored:
    """A passage has to be of every kind that is named ("table 1 of annex II"), and of one number of each."""
    kinds: dict[str, list[Reference]] = defaultdict(list)
    for reference in asked:
        kinds[reference.kind].append(reference)
    own = {at: clauses_of(passages[at].clause) for at in pool}
    at = [a for a in pool if all(any(r.within(o) for r in named for o in own[a]) for named in kinds.values())]
    missing = [r for named in kinds.values() for r in named if not any(r.within(o) for a in (at or pool) for o in own[a])]
    return Stored(tuple(at), tuple(missing))


def nearest(asked: Sequence[Reference], passages: Sequence[Passage], pool: Sequence[int], top: int) -> list[int]:
    """Positions of clauses of the same kind whose numbers are close, the closest first."""
    close = {at: min((_apart(r, o) for r in asked for o in clauses_of(passages[at].clause)), default=_FAR) for at in pool}
    return sorted((at for at in pool if close[at] < _FAR), key=lambda at: (close[at], at))[:top]


_FAR = 1e6
_BARE_NUMBER = re.compile(r"\d+(?:\.\d+)*")  # how many manuals number their sections


def _apart(one: Reference, other: Reference) -> float:
    """Distance of two numbers of one kind; another paragraph of the same article is nearest."""
    if one.kind != other.kind:
        return _FAR
    if one.number == other.number:
        return 0.0
    first, second = (r.number.split(".")[0] for r in (one, other))
    return abs(int(first) - int(second)) + 0.5 if first.isdigit() and second.isdigit() else _FAR / 2


@lru_cache(maxsize=16384)
def clauses_of(clause: str) -> tuple[Reference, ...]:
    """What a passage's clause names of its own document; "with Regulation (EU) 2015/1222, Article 2" is of another one."""
    own = clause.partition(", with ")[0]
    return (Reference("section", own),) if _BARE_NUMBER.fullmatch(own) else references(own)
