"""Which islands are left, how is each balanced, and which tripped lines must stay in the matrix? Compiled for the cascades.

Of the lines that cut an island off, one stays in the matrix as a tie: the island balances itself, so nothing flows over it, and the
island's angles keep a reference. Every matrix of a cascade is regular that way; the held nodes count as one.
"""

from typing import NamedTuple

from grid_models.compiled import compiled_within
from grid_models.twin.model import BoolArray, FloatArray, IntArray

IN, TRIPPED, TIE, OUT, DEAD = 0, 1, 2, 3, 4  # in service; to be taken out; out but in the matrix; out; in the matrix without voltage


class Net(NamedTuple):
    """`CascadeGrid` for the kernels. start_mw: (lines,) flows with every unknown angle at 0.  above_mw: (lines,) trips above it."""

    from_node: IntArray
    to_node: IntArray
    susceptance_mw: FloatArray
    start_mw: FloatArray
    above_mw: FloatArray
    generation_mw: FloatArray
    demand_mw: FloatArray
    load_mw: FloatArray
    held_rad: FloatArray


class Islands(NamedTuple):
    """root: (nodes,) of the union-find.  given, taken: (nodes,) of a root's island, then the shares that run on.  held: (nodes,) of a root.

    served: (nodes,) share of the demand still served.  injection_mw: (nodes,).
    """

    root: IntArray
    given: FloatArray
    taken: FloatArray
    held: BoolArray
    served: FloatArray
    injection_mw: FloatArray


@compiled_within
def root_of(root: IntArray, node: int) -> int:
    """The node that stands for the whole part; paths are halved on the way."""
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


@compiled_within
def joined(root: IntArray, one: int, other: int) -> bool:
    """Join two parts; False where they are one already. The larger number stands for both: an infeed's where there is one."""
    a, b = root_of(root, one), root_of(root, other)
    root[min(a, b)] = max(a, b)
    return bool(a != b)


@compiled_within
def parts_left(net: Net, status: IntArray, root: IntArray, before: int) -> int:
    """How many connected parts the lines not out of service leave; `root` is complete where they are more than `before`."""
    parts = len(root)
    for node in range(parts):
        root[node] = node
    for line in range(len(status)):  # a spanning forest comes first, so that few lines answer it as a rule
        if parts == before:
            break
        if (status[line] == IN or status[line] == DEAD) and joined(root, net.from_node[line], net.to_node[line]):
            parts -= 1
    return parts


@compiled_within
def balance(net: Net, status: IntArray, islands: Islands, balanced: bool) -> int:
    """Balance every island that has no infeed, mark what is dead, and count the islands that live."""
    _sums(net, islands)
    living = 0
    root, given, taken = islands.root, islands.given, islands.taken
    for node in range(len(root)):
        if root[node] != node:
            continue
        if islands.held[node]:
            given[node] = taken[node] = 1.0
            living += 1
        elif not balanced or given[node] <= 0.0:
            given[node] = taken[node] = 0.0
        else:
            generation, demand = given[node], taken[node]
            given[node], taken[node] = min(1.0, demand / generation), min(1.0, generation / demand) if demand > 0.0 else 1.0
            living += 1
    for node in range(len(root)):
        island = root[node]
        if not islands.held[island]:
            islands.served[node] *= taken[island]
            islands.injection_mw[node] = given[island] * net.generation_mw[node] - islands.served[node] * net.demand_mw[node]
    for line in range(len(status)):
        island = root[net.from_node[line]]
        if status[line] == IN and not islands.held[island] and given[island] == 0.0 and taken[island] == 0.0:
            status[line] = DEAD
    return living


@compiled_within
def _sums(net: Net, islands: Islands) -> None:
    """Generation by schedule and demand still served of each island, at its root, which is then every node's entry in `root`."""
    first_held = len(islands.root) - len(net.held_rad)
    for node in range(len(islands.root)):
        islands.root[node] = root_of(islands.root, node)
        islands.given[node] = islands.taken[node] = 0.0
        islands.held[node] = False
    for node in range(len(islands.root)):
        island = islands.root[node]
        islands.given[island] += net.generation_mw[node]
        islands.taken[island] += islands.served[node] * net.demand_mw[node]
        islands.held[island] |= node >= first_held


@compiled_within
def keep_ties(net: Net, status: IntArray, root: IntArray, trips: IntArray) -> None:
    """Turn as many tripped lines into ties as the new islands need; those of before stay. Joins the islands in `root`."""
    first_held = len(root) - len(net.held_rad)
    for node in range(first_held + 1, len(root)):
        joined(root, first_held, node)
    for line in range(len(status)):
        if status[line] == TIE:
            joined(root, net.from_node[line], net.to_node[line])
    for line in trips:
        if joined(root, net.from_node[line], net.to_node[line]):
            status[line] = TIE
