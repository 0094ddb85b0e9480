"""One measured number and how it was measured."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`how` says on what, how often and which statistic: a number without it proves nothing."""

    name: str
    value: float
    unit: str
    how: str


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process in one call, all its threads: what other processes do does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def percentile(values: list[float], share: float) -> float:
    """Nearest rank: the value that `share` of the values do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]
