"""How is the grid connected?"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from grid_models.actions import Action
from grid_models.structure.islands import islands_of
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.result import Args, InvalidArguments, Result
from tools.topology_rows import Bridges, IslandRow, Islands, Isolation, Neighbours, Path, Ties


class Query(StrEnum):
    NEIGHBOURS = "neighbours"
    PATH = "path"
    ISLANDS = "islands"
    BRIDGES = "bridges"
    TIES = "ties"
    ISOLATE = "isolate"


_NEEDS_ELEMENT = (Query.NEIGHBOURS, Query.PATH, Query.ISOLATE)


class TopologyArgs(Args):
    query: Query = Field(
        description="neighbours of an element, path between two, islands, bridges (radial branches), ties between areas, or what to open to isolate"
    )
    element: str | None = Field(default=None, description="name of an element or substation (neighbours, path, isolate); an area for ties")
    to: str | None = Field(default=None, description="path: the other end; ties: the other area")
    metric: Literal["hops", "length", "impedance"] = Field(default="hops", description="path: what is kept small")
    changes: tuple[Action, ...] = Field(default=(), description="what-if changes before the question; the plant is not touched")
    top: int = Field(default=20, ge=1, le=1000, description="how many rows of each table to list")

    @model_validator(mode="after")
    def _names_what_it_asks_about(self) -> Self:
        if self.query in _NEEDS_ELEMENT and not self.element:
            raise ValueError(f"'{self.query}' needs an 'element'")
        if self.query is Query.PATH and not self.to:
            raise ValueError("'path' needs 'to', the other end")
        return self


class TopologyResult(Result):
    """Exactly one of the six tables is filled: the one of `query`."""

    query: Query
    element: str | None = Field(default=None, description="display name of what was asked about")
    to: str | None = None
    metric: Literal["hops", "length", "impedance"] | None = None
    neighbours: Neighbours | None = None
    path: Path | None = None
    islands: Islands | None = None
    bridges: Bridges | None = None
    ties: Ties | None = None
    isolate: Isolation | None = None
    notes: tuple[str, ...] = Field(default=(), description="what limits the answer, in sentences")
    changes: tuple[str, ...] = Field(default=(), description="the changes in words")

    def headline(self) -> str:
        if self.islands is None:
            return ""
        parts = self.islands
        dead = f"; {parts.dead_parts} parts with {parts.dead_buses} busbars are dead" if parts.dead_parts else "; nothing is dead"
        return f"The grid is in {parts.live_islands} live island{'s' if parts.live_islands != 1 else ''}{dead}."


def run(args: TopologyArgs, ctx: StudyContext) -> TopologyResult:
    """Answer one question about connections on the state after the changes. Nothing is proposed or switched."""
    state = ctx.state.apply(args.changes)
    words = tuple(a.words() for a in args.changes)
    if args.query is not Query.ISLANDS:
        raise InvalidArguments(f"'{args.query}' cannot be answered yet; 'islands' can.")
    return TopologyResult(query=args.query, islands=_islands(state, args.top), changes=words)


def _islands(state: GridState, top: int) -> Islands:
    found = islands_of(state)
    return Islands(
        rows=tuple(IslandRow.model_validate(r, from_attributes=True) for r in found.rows[:top]),
        total=len(found.rows),
        live_islands=sum(r.live for r in found.rows),
        dead_parts=sum(not r.live for r in found.rows),
        dead_buses=len(found.deenergised.dead_buses),
        dead_load_mw=found.deenergised.load_mw,
        dead_generation_mw=found.deenergised.generation_mw,
    )
