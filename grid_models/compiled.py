"""How is a loop compiled? By numba, without holding the interpreter's lock, and kept on disk where a folder for it can be written.

Studies share compiled loops out over ordinary threads: numba's own threads end the process when two conversations call them at once.
Importing this module imports numba (0.2 s), so what needs it imports it when it is first used.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Exact arithmetic: NaN stays NaN."""
    return _compiled(function)


def compiled_finite(function: Callable[P, R]) -> Callable[P, R]:
    """For loops that no NaN or infinity ever enters, and where the sign of zero is nothing: faster, with the same results."""
    return _compiled(function, fastmath={"nnan", "ninf", "nsz"})


def compiled_within(function: Callable[P, R]) -> Callable[P, R]:
    """For what a hot loop calls at every turn: its code is put there, since passing many arrays takes longer than a few sums."""
    return _compiled(function, forceinline=True)


def _compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    try:
        result: Callable[P, R] = njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:  # numba found nowhere to write: compile in every process instead
        result = njit(nogil=True, **options)(function)
    return result
