"""Plans for what a loss sets off: cascades, and frequency."""

from collections.abc import Generator

from pydantic import JsonValue

from agent.brains.embedded.disturbances import PowerLoss, Spread
from agent.brains.embedded.frame import Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Round, Said, Wanted, number
from agent.brains.embedded.plans.values import absolute
from agent.brains.embedded.replies import say
from grid_models.twin.registry import ElementKind

_MOST_SOURCES = 100  # the table is sorted by size, whichever way power flows
_PLAIN = (
    "loss_mw",
    "lost_load_mw",
    "inertia_gws",
    "grid_forming_gws",
    "frequency_hz",
    "load_mw",
    "damping_percent_per_hz",
    "shedding",
    "area",
    "limit_hz",
    "rocof_limit_hz_per_s",
    "horizon_s",
)
_GOVERNOR = ("droop", "reheat_fraction", "reheat_s", "gain")


def cascade(frame: Frame, kit: Kit) -> Plan:
    """One call. 'The most loaded line' is found by a study first, and fails; other changes are made before anything fails."""
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    failing = {i for i, change in enumerate(frame.changes) if change.described}
    outages = [*frame.elements, *(str(found.changes[i].element) for i in failing)]
    said = (frame.spread or Spread()).model_dump(exclude_none=True)
    args: dict[str, JsonValue] = {"outages": list(dict.fromkeys(outages)), **said}
    actions = [action for i, action in enumerate(found.actions) if i not in failing]
    if actions:
        args["changes"] = list(actions)
    if frame.method == "dc":
        args["method"] = "dc"
    calls = yield [Wanted("cascade", args)]
    return kit.tell(frame.model_copy(update={"elements": tuple(outages), "changes": ()}), calls)


def frequency(frame: Frame, kit: Kit) -> Plan:
    """One call; the largest infeed or generator, and what a load draws, are read first."""
    said = frame.power or PowerLoss()
    lost = yield from _lost(frame, said, kit)
    if isinstance(lost, Said):
        return lost
    calls = yield [Wanted("frequency_response", {**lost, **_arguments(said)})]
    element = lost.get("element")
    return kit.tell(frame.model_copy(update={"elements": (str(element),) if element else frame.elements}), calls)


def _lost(frame: Frame, said: PowerLoss, kit: Kit) -> Generator[list[Wanted], Round, dict[str, JsonValue] | Said]:
    if said.largest is not None and not frame.elements:
        kinds = ("infeed", "generator") if said.largest == "infeed" else (said.largest,)  # machines feed in, too
        read = yield [Wanted("grid_data", {"kind": kind, "sort_by": "p_mw", "top": _MOST_SOURCES}) for kind in kinds]
        largest = _largest(read)
        return {"element": largest} if largest else Said(say("nothing_listed"), status="refused")
    name = next(iter(frame.elements), None)
    if name is None or not any(e.kind is ElementKind.LOAD for e in kit.registry.exact(name)):
        return {"element": name} if name else {}
    read = yield [kit.reading((name,))]
    rows = read[0].result.get("rows")
    drawn = number(rows[0], "p_mw") if isinstance(rows, list) and rows else None
    return {"lost_load_mw": round(drawn, 6)} if drawn else Said(say("nothing_listed"), status="refused")


def _largest(read: Round) -> str | None:
    """The one that brings most now; one that draws power, as an infeed of an exporting grid does, is none."""
    tables = [rows for call in read if isinstance(rows := call.result.get("rows"), list)]
    brings = [(p_mw, str(row["element"])) for rows in tables for row in rows if isinstance(row, dict) and (p_mw := number(row, "p_mw"))]
    p_mw, name = max(brings, default=(0.0, ""))
    return name if p_mw > 0.0 else None


def _arguments(said: PowerLoss) -> dict[str, JsonValue]:
    """Only what was said."""
    args: dict[str, JsonValue] = {k: v for k, v in said.model_dump(include=set(_PLAIN)).items() if v is not None}
    if said.losses:
        args["losses"] = [later.model_dump() for later in said.losses]
    if said.synthetic_gws is not None:
        args["synthetic_inertia"] = {"inertia_gws": said.synthetic_gws}
    governor = {k: v for k, v in said.model_dump(include=set(_GOVERNOR)).items() if v is not None}
    if governor:
        args["governor"] = governor
    if said.reserve.mw is not None:
        args["reserve_mw"] = said.reserve.mw
    if said.reserve.delay_s is not None:
        args["reserve_delay_s"] = said.reserve.delay_s
    if said.fast.mw is not None:
        args["fast_response"] = said.fast.model_dump(exclude_none=True)
    return args
