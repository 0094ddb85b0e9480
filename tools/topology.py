"""How is the grid connected?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from grid_models.actions import Action
from grid_models.structure.bridges import bridges_of
from grid_models.structure.islands import islands_of
from grid_models.structure.isolate import isolation_of
from grid_models.structure.neighbours import neighbours_of
from grid_models.structure.paths import path_between
from grid_models.structure.places import place_of
from grid_models.structure.routes import Metric
from grid_models.structure.ties import TiesFound, areas_of, ties_of
from grid_models.twin.registry import BRANCH_KINDS, normalised
from grid_models.twin.state import GridState
from tools import topology_tables as tables
from tools.context import StudyContext
from tools.result import Args, InvalidArguments, Result
from tools.topology_headline import headline_of
from tools.topology_rows import Bridges, Islands, Isolation, Neighbours, Path, Ties

Fields = Mapping[str, object]


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
        description="neighbours of an element, path between two, islands, bridges (radial branches), ties between areas, how to isolate"
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
        if self.to and self.query not in (Query.PATH, Query.TIES):
            raise ValueError(f"'{self.query}' takes no 'to'; 'path' and 'ties' do")
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
        return headline_of(self)


def run(args: TopologyArgs, ctx: StudyContext) -> TopologyResult:
    """Answer one question about connections on the state after the changes. Nothing is proposed or switched.

    Raises UnknownElement, AmbiguousElement, InvalidAction (a switch cannot be isolated) and InvalidArguments (an area that does not exist).
    """
    state = ctx.state.apply(args.changes)
    fields = _ANSWER[args.query](state, args)
    return TopologyResult.model_validate({"query": args.query, "changes": tuple(a.words() for a in args.changes), **fields})


def _neighbours(state: GridState, args: TopologyArgs) -> Fields:
    place = place_of(state.model, args.element or "")
    return {"element": place.name, "neighbours": tables.neighbours(neighbours_of(state, place), args.top)}


def _path(state: GridState, args: TopologyArgs) -> Fields:
    one, other = place_of(state.model, args.element or ""), place_of(state.model, args.to or "")
    found = path_between(state, one, other, Metric(args.metric))
    return {
        "element": one.name,
        "to": other.name,
        "metric": args.metric,
        "path": tables.path(found, state.model.base_mva),
        "notes": ("A transformer adds no length.",) if args.metric == "length" and found.steps else (),
    }


def _islands(state: GridState, args: TopologyArgs) -> Fields:
    place = place_of(state.model, args.element) if args.element else None
    found = islands_of(state, place.buses if place else ())
    return {"element": place.name if place else None, "islands": tables.islands(found, args.top)}


def _bridges(state: GridState, args: TopologyArgs) -> Fields:
    found, name = bridges_of(state), None
    if args.element:
        element = state.model.registry.find(args.element)
        if element.kind not in BRANCH_KINDS:
            raise InvalidArguments(f"'{element.name}' is a {element.kind}; a line or a transformer can be a bridge.")
        name = element.name
        found = replace(found, bridges=tuple(b for b in found.bridges if b.branch == name))
    return {"element": name, "bridges": tables.bridges(found, args.top)}


def _ties(state: GridState, args: TopologyArgs) -> Fields:
    one, other = (_area(state, name) if name else None for name in (args.element, args.to))
    if one and one == other:
        raise InvalidArguments(f"An area has no tie with itself; 'ties' of '{one}' alone lists all it has.")
    found = ties_of(state, tuple(a for a in (one, other) if a))
    return {"element": one, "to": other, "ties": tables.ties(found, args.top), "notes": _tie_notes(found)}


def _area(state: GridState, name: str) -> str:
    """The area's own name; 'area HV1' and 'hv1' are HV1."""
    known = sorted({a for a in areas_of(state.model) if a})
    said = [normalised(name), normalised(name).removeprefix("area ")]
    found = [a for a in known if a == name] or [a for a in known if normalised(a) in said]
    if len(found) != 1:
        where = f"its areas are {', '.join(known)}" if known else "its source gives no areas"
        raise InvalidArguments(f"There is no area '{name}' in this grid; {where}.")
    return found[0]


def _tie_notes(found: TiesFound) -> tuple[str, ...]:
    notes = [f"There is no flow to show: {found.no_flow}"] if found.no_flow else []
    if len(found.areas) < 2:
        notes.append(f"The source of this grid knows {'one area' if found.areas else 'no areas'}, so nothing can tie areas together.")
    if found.merged:
        notes.append(f"{len(found.merged)} interface names such as {found.merged[0]} count to the area they border on.")
    return tuple(notes)


def _isolate(state: GridState, args: TopologyArgs) -> Fields:
    place = place_of(state.model, args.element or "")
    found = isolation_of(state, place)
    notes = ["Nothing was switched or proposed; the openings were tried on a copy of the state."]
    if any(o.kind not in ("breaker", "disconnector") for o in found.openings):
        notes.append("Where the source draws no switch at an end, the opening of the branch or device itself stands for its breaker.")
    return {"element": place.name, "isolate": tables.isolation(found, args.top), "notes": tuple(notes)}


_ANSWER: dict[Query, Callable[[GridState, TopologyArgs], Fields]] = {
    Query.NEIGHBOURS: _neighbours,
    Query.PATH: _path,
    Query.ISLANDS: _islands,
    Query.BRIDGES: _bridges,
    Query.TIES: _ties,
    Query.ISOLATE: _isolate,
}
