"""Which circuits run in parallel: between the same two buses, or the same two stations where breakers stand between."""

from grid_models.twin.registry import BRANCH_KINDS, Element, Registry


def parallel_to(registry: Registry, element: Element) -> tuple[Element, ...]:
    """The other branches of the same kind that join what this one joins, in the order of the tables; none for anything but a branch."""
    if element.kind not in BRANCH_KINDS:
        return ()
    ends = _stations(registry, element)
    return tuple(
        e for e in registry.at_buses(next(iter(ends))) if e.kind is element.kind and e != element and _stations(registry, e) == ends
    )


def _stations(registry: Registry, branch: Element) -> frozenset[frozenset[int]]:
    """One set of joined buses for each end. Bus rows of one station are always the same set."""
    return frozenset(registry.joined((bus,)) for bus in registry.bus_of(branch))
