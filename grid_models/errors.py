"""The root of every error AEIP raises on purpose, and the errors of the twin.

A message says what was asked, what was found and what would work: it is shown to people as it is.
"""

from collections.abc import Sequence

_SHOWN = 100  # characters of a phrase that nothing fits
_NAMED = 4  # of a longer list


class AeipError(Exception):
    """Anything AEIP refuses or cannot do, in one sentence for the person who asked."""


class UnknownElement(AeipError):
    """No element fits the phrase; `nearest` holds the closest display names."""

    def __init__(self, phrase: str, nearest: Sequence[str]) -> None:
        hint = f" The nearest names are {', '.join(nearest)}." if nearest else " See `aeip grid show` for the names."
        said = phrase if len(phrase) <= _SHOWN else f"{phrase[:_SHOWN]}..."
        super().__init__(f"There is no element '{said}' in this grid.{hint}")
        self.phrase = phrase
        self.nearest = tuple(nearest)


class AmbiguousElement(AeipError):
    """Several elements fit the phrase; `candidates` holds their display names."""

    def __init__(self, phrase: str, candidates: Sequence[str]) -> None:
        super().__init__(f"'{phrase}' fits {len(candidates)} elements: {', '.join(candidates)}. Say which one you mean.")
        self.phrase = phrase
        self.candidates = tuple(candidates)


class InvalidAction(AeipError):
    """An action that makes no sense for its element (a tap on a line, a closed breaker to close, ...)."""


class UnknownGrid(AeipError):
    """The grid asked for is neither a SimBench code, a built-in case nor a readable file."""


class UnsupportedGrid(AeipError):
    """The grid holds equipment the twin does not model yet."""


class PowerFlowDiverged(AeipError):
    """The power-flow equations have no solution near the start (or the solver did not find one)."""


class NotObservable(AeipError):
    """The measurements leave part of the grid open. `unobservable`: a bus of each such node; `missing`: meters, in words, that would do."""

    def __init__(self, grid: str, measurements: int, unobservable: Sequence[str], missing: Sequence[str]) -> None:
        count = len(unobservable)
        where = f"the voltage at {count} bus{'es' if count > 1 else ''} ({_first(unobservable)})" if count else "the inside of a branch"
        would = f" Measuring {_first(missing)} would make it observable." if missing else ""
        super().__init__(f"The state of '{grid}' was to be estimated, but {measurements} measurements do not determine {where}.{would}")
        self.unobservable = tuple(unobservable)
        self.missing = tuple(missing)


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


class NotOnline(AeipError):
    """The plant, its owner or its measurements are not there."""


class StudyCancelled(AeipError):
    """The person stopped a study; `done` of `total` outages (or what it is of) were solved by then."""

    def __init__(self, done: int, total: int, what: str = "outages") -> None:
        super().__init__(f"The study of {total} {what} was stopped after {done} of them; ask again, or for fewer, to have it whole.")
        self.done = done
        self.total = total
