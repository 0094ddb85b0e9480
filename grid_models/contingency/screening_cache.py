"""Which screenings are kept? The ones used last, as many as fit into a number of bytes."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState

T = TypeVar("T")


class ScreeningCache(Generic[T]):
    """Results by state: equal states of one model share one. Safe to use from several threads; a result above the bound is not kept."""

    def __init__(self, bound_bytes: int) -> None:
        self._bound_bytes = bound_bytes
        self._kept: OrderedDict[tuple[str, int], tuple[T, int, GridModel]] = OrderedDict()
        self._lock = Lock()

    def get(self, state: GridState) -> T | None:
        key = _key(state)
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, state: GridState, result: T, size_bytes: int) -> None:
        """Keep a result and let go of the ones not used for longest."""
        if size_bytes > self._bound_bytes:
            return
        with self._lock:
            self._kept[_key(state)] = (result, size_bytes, state.model)  # holding the model keeps its id from being given to another
            while sum(size for _, size, _ in self._kept.values()) > self._bound_bytes:
                self._kept.popitem(last=False)

    @property
    def size_bytes(self) -> int:
        with self._lock:
            return sum(size for _, size, _ in self._kept.values())


def _key(state: GridState) -> tuple[str, int]:
    return state.state_id, id(state.model)
