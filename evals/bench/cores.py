"""How many cores may be used: the benches compare at one and at two."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cores(count: int) -> Iterator[int]:
    """Pin this thread, and the threads it starts, to so many cores; yields how many there really are."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield min(count, len(before))
    finally:
        os.sched_setaffinity(0, before)
